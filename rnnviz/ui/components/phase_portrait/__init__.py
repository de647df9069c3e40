"""The browser component phase_portrait."""
