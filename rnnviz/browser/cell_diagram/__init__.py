"""The data of the browser component cell_diagram."""
