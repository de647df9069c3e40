"""Pictures that are drawn in the browser: scripts, styles and the packets of data they draw."""
