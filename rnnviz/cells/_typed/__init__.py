"""Cells from equations that a person types: read, translated, checked, and made into a class."""
