"""The page «problem types»."""
