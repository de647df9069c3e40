"""The page «systems»."""
