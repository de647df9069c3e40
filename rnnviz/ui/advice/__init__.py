"""What trained nets have learnt, in sentences from the numbers."""
