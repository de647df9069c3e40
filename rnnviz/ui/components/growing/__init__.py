"""The browser component growing."""
