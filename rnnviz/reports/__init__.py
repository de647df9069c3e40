"""Figures, drawings and words as one page without a program: for notebooks, files, galleries."""
