"""Optimisers and truncated backpropagation through time."""
