"""The page «whose gradient»."""
