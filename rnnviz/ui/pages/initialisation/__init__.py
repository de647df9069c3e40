"""The page «initialisation»."""
