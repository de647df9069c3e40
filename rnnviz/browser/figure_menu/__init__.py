"""The data of the browser component figure_menu."""
