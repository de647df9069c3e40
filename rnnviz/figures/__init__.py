"""Builders of figures from arrays; `rnnviz.plot` calls them with records and is the public room."""
