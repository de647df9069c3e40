"""How far the shipped phase diagrams are from what this processor computes, by figure:

    OPENBLAS_CORETYPE=Sandybridge python -m tests.benchmarks.sweep_kernels [step]

Every ``step``-th point of each map (7), by its sign of λ₁ where the map has it.
"""

import sys

import numpy as np

from rnnviz.sweeps import DIAGRAMS, RESULTS, read_sweep
from rnnviz.sweeps.points import measured


def main(step: int = 7) -> None:
    for name in DIAGRAMS:
        found = read_sweep(RESULTS / f"{name}.parquet")
        figures, numbers = tuple(found.values), list(range(0, len(found), step))
        again = [measured(found.spec.point(one), figures)[0] for one in numbers]
        growing = found.values.get("lyapunov", np.full(len(found), -1.0))[numbers] > 0
        for figure in figures:
            there, here = found[figure][numbers], np.array([one[figure] for one in again])
            with np.errstate(invalid="ignore"):  # ∞ − ∞
                apart = np.where(there == here, 0.0, np.abs(there - here))
            parts = (~growing, "λ₁ < 0, or none"), (growing, "λ₁ > 0")
            said = [f"{apart[part].max(initial=0):.1e} of {part.sum()} with {sign}"
                    for part, sign in parts]  # fmt: skip
            print(f"{name} {figure}: {(apart == 0).mean():.1%} the same; at most {', '.join(said)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
