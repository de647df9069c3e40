"""Nets from other libraries' files and arrays, and back.

`read` looks at the bytes of a file, never at its name, and finds the nets in it: one module reads
one format. Nothing of a file is ever executed, and every size is compared with
`rnnviz.formats.limits` before memory is used.
"""

from rnnviz.formats.found import Contents, Net, NetFile, Question
from rnnviz.formats.reading import read

__all__ = ["Contents", "Net", "NetFile", "Question", "read"]
