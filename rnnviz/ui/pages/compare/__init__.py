"""The page «compare»."""
