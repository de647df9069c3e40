"""The browser component map_probe."""
