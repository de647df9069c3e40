"""The live checks: statements about the numbers that a page shows, checked while it shows them."""
