"""The browser component problem_graph."""
