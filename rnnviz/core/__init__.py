"""Model, forward run and backward run: what is stepped and what is recorded."""
