"""The browser component permalink."""
