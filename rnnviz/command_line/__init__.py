"""The command line, `rnnviz` or `python -m rnnviz`: one file a command."""
