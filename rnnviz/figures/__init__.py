"""Pure builders: records in, a new `plotly.graph_objects.Figure` out."""
