"""The data of the browser component time_control."""
