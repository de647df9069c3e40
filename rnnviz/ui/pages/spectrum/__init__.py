"""The page «spectrum»."""
