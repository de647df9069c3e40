"""Nets and sequences that come with the app."""

from __future__ import annotations


def draw() -> None:
    """A button for each."""
