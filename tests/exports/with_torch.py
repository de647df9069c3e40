"""The scripts of `rnnviz.as_pytorch` and `rnnviz.as_keras`, run: by hand, where torch is, by

    KERAS_BACKEND=torch python -m tests.exports.with_torch
"""

import contextlib
import io
import os
import sys
import tempfile

import numpy as np

import rnnviz
from rnnviz.formats.keras_written import keras_lines, keras_weights
from tests.exports.cases import experiments


def main(only: str = "") -> None:
    for name, source, loss in experiments():
        if only not in name:
            continue
        for make in (rnnviz.as_pytorch, rnnviz.as_keras):
            scope: dict[str, object] = {"__name__": "script"}
            exec(compile(make(source, loss=loss), make.__name__, "exec"), scope)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                code = scope["main"]()  # type: ignore[operator]
            worst = max(float(line.rpartition(" ")[2]) for line in said.getvalue().splitlines()
                        if line.startswith("largest"))  # fmt: skip
            print(f"{name}, {make.__name__}: {'' if not code else 'NOT '}as in rnnviz, {worst:.1e}")
            assert code == 0, said.getvalue()
            assert "in float32" not in said.getvalue(), said.getvalue()


def weights_files() -> None:
    """Outputs of Keras's layers that have loaded what `rnnviz convert` writes."""
    x = np.random.default_rng(0).standard_normal((7, 5, 3))
    for cell in ("rnn", "gru", "lstm"):
        for layers, both, outputs in ((1, False, None), (2, True, 2)):
            model = rnnviz.build(cell, 3, 4, num_layers=layers, bidirectional=both,
                                 output_size=outputs)  # fmt: skip
            y = rnnviz.run(model, x).outputs
            ours = y if model.readout is None else model.readout.values(y)
            scope: dict[str, object] = {}
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                with open("net.weights.h5", "wb") as file:
                    file.write(keras_weights(model))
                exec(keras_lines(model, "net.weights.h5"), scope)
            theirs = scope["model"].predict(x.swapaxes(0, 1), verbose=0)  # type: ignore[attr-defined]
            error = np.abs(theirs.swapaxes(0, 1) - ours).max()
            print(f"{cell}, {layers} layers, .weights.h5: {error:.1e}")
            assert error < 1e-6


if __name__ == "__main__":
    weights_files()
    main(*sys.argv[1:])
