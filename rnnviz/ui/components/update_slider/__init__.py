"""The browser component update_slider."""
