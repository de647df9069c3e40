"""The scripts of `rnnviz.as_pytorch` and `rnnviz.as_keras`, run: by hand, where torch is, by

    KERAS_BACKEND=torch python -m tests.exports.with_torch
"""

import contextlib
import io
import sys

import rnnviz
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


if __name__ == "__main__":
    main(*sys.argv[1:])
