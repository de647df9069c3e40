"""Browser components: each folder has its Python, JavaScript and CSS."""
