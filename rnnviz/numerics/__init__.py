"""Arithmetic that knows no network: validation, extended range, chain norms, QR growth."""
