"""Train the small nets of rnnviz/formats/gallery: python -m tests.data.make_gallery_nets."""

from __future__ import annotations

import rnnviz
from rnnviz.formats.gallery import FOLDER


def main() -> None:
    """Some seconds."""
    lstm = rnnviz.train("lstm", "adding", length=40, hidden_size=16, updates=1200, batch=64,
                        rate=0.01, seed=0, forget_bias=1.0)  # fmt: skip
    rnnviz.save(lstm.model, FOLDER / "adding_lstm.npz")
    gru = rnnviz.train("gru", "first_symbol", length=60, hidden_size=12, updates=500, batch=64,
                       rate=0.01, seed=0, update_bias=2.0)  # fmt: skip
    rnnviz.save(gru.model, FOLDER / "first_symbol_gru.npz")


if __name__ == "__main__":
    main()
