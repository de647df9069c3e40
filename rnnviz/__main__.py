"""`python -m rnnviz`: the command line, which without a command opens the app in a browser."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from rnnviz.numerics.optional import needed


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command that the arguments name, by default those of the process, and exit."""
    asked = list(sys.argv[1:] if arguments is None else arguments)
    app = not asked or asked[0] == "app"
    try:
        line = needed("rnnviz.command_line.line", who="The app" if app else "The command line",
                      extra="app" if app else "cli")  # fmt: skip
    except ImportError as missing:
        print(missing, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        sys.exit(130)
    sys.exit(line.outcome(arguments))


if __name__ == "__main__":
    main()
