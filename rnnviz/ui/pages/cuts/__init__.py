"""The page «cuts»."""
