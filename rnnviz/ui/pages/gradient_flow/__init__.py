"""The page «gradient flow»."""
