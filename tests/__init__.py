"""Tests; `tests.oracle` holds what they compare with."""
