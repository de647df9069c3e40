"""One view of the gradient a file, computed from a trace."""
