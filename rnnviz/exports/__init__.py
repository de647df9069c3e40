"""What can be taken away: records as arrays, experiments as scripts, sources as BibTeX."""

from rnnviz.exports.record import export, to_npz
from rnnviz.exports.scripts.keras import as_keras
from rnnviz.exports.scripts.pytorch import as_pytorch
from rnnviz.exports.sources import bibtex

__all__ = ["as_keras", "as_pytorch", "bibtex", "export", "to_npz"]
