"""The page «variants»."""
