"""Losses that come in while nets are trained."""
