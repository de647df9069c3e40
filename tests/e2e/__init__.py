"""The app as a person meets it: in a real browser, on a real server."""
