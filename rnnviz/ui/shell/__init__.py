"""What surrounds every page: frame, navigation, sidebar, preset menu, tour."""
