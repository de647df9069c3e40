"""The page «training»."""
