"""The checks that run live beside the pictures."""
