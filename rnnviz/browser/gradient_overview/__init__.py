"""The data of the browser component gradient_overview."""
