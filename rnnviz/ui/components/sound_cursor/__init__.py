"""The timestep follows the sound that was opened as a sequence, while it plays."""
