"""The page «roads»."""
