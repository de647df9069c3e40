"""The page «step»."""
