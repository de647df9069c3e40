"""Where the app's own files are: app.py, pages/, static/ and .streamlit/."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_INSTALLED = _PACKAGE / "_app"
APP = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
"""The top of a checkout; in an installed wheel a folder of the package."""
