"""The page «cost»."""
