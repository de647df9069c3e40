"""The browser component cell_diagram."""
