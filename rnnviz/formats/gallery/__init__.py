"""Real trained nets that come with the package, their licences beside them.

``thai_words.json`` is Unicode's word segmenter for Thai (ICU's lstm data, file
Thai_codepoints_exclusive_model5_heavy), under the Unicode licence V3 in ``thai_words_license.txt``.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
THAI_WORDS = FOLDER / "thai_words.json"
"""Characters of Thai text to B, I, E or S: a word begins, goes on, ends, or is one character."""
