"""Settings, presets, the tour, and what pages run beyond a single trace."""
