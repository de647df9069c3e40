"""The browser component figure_menu."""
