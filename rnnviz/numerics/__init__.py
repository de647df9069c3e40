"""Arithmetic without networks: validation, extended range, chain norms, QR growth."""
