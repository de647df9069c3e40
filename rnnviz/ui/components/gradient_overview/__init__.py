"""The browser component gradient_overview."""
