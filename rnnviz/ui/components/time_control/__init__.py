"""The browser component time_control."""
