"""The browser component tour_card."""
