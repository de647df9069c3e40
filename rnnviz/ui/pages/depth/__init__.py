"""The page «depth»."""
