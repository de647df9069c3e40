"""Experiments as scripts of other libraries, with the numbers that they are to reproduce."""
