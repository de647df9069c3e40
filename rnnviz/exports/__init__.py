"""What can be taken away: records as arrays, experiments as scripts, sources as BibTeX."""

from rnnviz.exports.record import export, to_npz
from rnnviz.exports.sources import bibtex

__all__ = ["bibtex", "export", "to_npz"]
