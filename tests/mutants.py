"""Small errors in the source, one at a time, and whether the tests that should find each do.

    python -m tests.mutants [REVISION] [part of a file's name]

Run by hand. Source and tests are those of a git revision (HEAD unless one is given), taken to a
temporary folder; each error is made there, and the tests named beside it are run until the first
failure. The result of every error is printed, and how many were caught.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]


class Mutant(NamedTuple):
    """A file of rnnviz, a text that stands in it once, what replaces it, and tests to run."""

    file: str
    before: str
    after: str
    tests: str


MUTANTS = [
    # numerics
    Mutant("numerics/extended_range.py", "shift = -exponent if self.plain else",
           "shift = exponent if self.plain else", "core/test_range.py"),
    Mutant("numerics/extended_range.py", "low, high = _safe_squares(squares.dtype)",
           "low, high = -1.0, np.inf", "core/test_range.py"),
    Mutant("numerics/extended_range.py", "np.maximum(self.top(), other.top())",
           "np.minimum(self.top(), other.top())", "core/test_range.py analysis"),
    Mutant("numerics/chain_norms.py", "CANCELLED = 1e-5", "CANCELLED = 0.0",
           "numerics/test_chain_norms.py"),
    Mutant("numerics/chain_norms.py", "np.greater.outer(last[1:]", "np.less.outer(last[1:]",
           "numerics/test_chain_norms.py"),
    # core
    Mutant("core/backward_loop.py", 'last[name] + moved if name == "h" else moved', "moved",
           "cells/conformance"),
    Mutant("core/backward_loop.py", "return self._tame(self._squares(0, self.steps))",
           "return True", "core/test_range.py"),
    Mutant("core/backward_loop.py", "self.exponent[0] = self.scale", "pass", "core/test_range.py"),
    Mutant("core/losses.py", "mask / np.maximum(mask.sum(axis=0), 1)", "mask / len(mask)",
           "core/test_losses.py"),
    Mutant("core/losses.py", "here - 1, axis", "here, axis", "core/test_losses.py"),
    Mutant("core/losses.py", "(error * error).sum(axis=-1) / 2", "(error * error).sum(axis=-1)",
           "core/test_losses.py"),
    Mutant("core/gradients.py", "found[1:] = self.trace.in_time(found[1:].copy())", "pass",
           "core/test_gradients.py core/test_records.py cells/conformance"),
    Mutant("core/backward_run.py", "below = dx if below is None else dx + below", "below = dx",
           "cells/conformance"),
    Mutant("core/backward_run.py", '"b_y": dy.sum(axis=(0, 1))', '"b_y": dy.mean(axis=(0, 1))',
           "core/test_losses.py core/test_gradients.py"),
    Mutant("core/gradients.py", "t=steps + 1 - found.t", "t=found.t", "core/test_nonfinite.py"),
    Mutant("core/weight_gradients.py", "return logs + top * LOG10_2 if rescaled else logs",
           "return logs", "core/test_range.py"),
    Mutant("core/initialisation.py", "return np.asarray(q * np.sign(np.diag(r)))",
           "return np.asarray(q)", "core/test_model.py"),
    Mutant("core/initialisation.py", "np.log(rng.uniform(1, longest - 1, keeps.shape))",
           "np.log(rng.uniform(1, longest, keeps.shape))", "core/test_initialisation.py"),
    Mutant("core/initialisation.py", "draws = 1 if \"b_h\" in shapes else 2", "draws = 1",
           "core/test_initialisation.py core/test_model.py"),
    # analysis
    Mutant("analysis/memory.py", "start = int(nonzero[-1])", "start = int(nonzero[0])",
           "analysis/test_memory.py"),
    Mutant("analysis/reach.py", "np.flatnonzero(~(left < limit)).max(initial=-1)) + 1",
           "np.flatnonzero(left < limit).min(initial=len(left)))", "analysis/test_reach.py"),
    Mutant("analysis/jacobian.py", "else cell.states.index(state) * size", "else 0",
           "analysis/test_jacobian.py"),
    Mutant("analysis/bounds.py", "bound, radius = steepest * largest", "bound, radius = largest",
           "analysis/test_bounds.py"),
    Mutant("analysis/truncation.py", "slice(steps - span.stop, steps - span.start)", "span",
           "analysis/test_truncation.py"),
    Mutant("analysis/clipping.py", "* (limit / size)", "* limit",
           "analysis/test_clipping.py"),
    Mutant("analysis/spectrum.py", "np.sort(found / steps)[::-1]", "np.sort(found / steps)",
           "analysis/test_spectrum.py"),
    Mutant("analysis/leading_directions.py", "else (J.T for J in jacobians.back(count))",
           "else (J for J in jacobians.back(count))", "analysis/test_leading_directions.py"),
    Mutant("analysis/streamed.py", "[: stop - start][::-1]", "[: stop - start]",
           "analysis/test_streamed.py analysis/test_leading_directions.py"),
    Mutant("core/lengths.py", "np.where(t < lengths, lengths - 1 - t, t)",
           "len(rows) - 1 - t + 0 * lengths", "core/test_lengths.py"),
    Mutant("core/projection.py", "later = G - start[0].T @ start[1]", "later = G",
           "core/test_projection.py"),
    Mutant("cells/_functions.py", "(y > 0) & (y < 1), y.dtype.type(alpha)",
           "(y > 0) & (y < 1), y.dtype.type(1)", "cells/test_activations.py"),
    Mutant("analysis/leading_directions.py", "MORE, ROUNDS, SEED = 8, 2, 0",
           "MORE, ROUNDS, SEED = 0, 0, 0", "analysis/test_leading_directions.py"),
    Mutant("analysis/loss_attribution.py", "table[::-1].swapaxes(0, 1)", "table.swapaxes(0, 1)",
           "analysis/test_loss_attribution.py"),
    Mutant("analysis/jacobian_estimate.py", "else cell.states.index(state) * size", "else 0",
           "analysis/test_jacobian_estimate.py"),
    Mutant("analysis/stacks.py", "ratios = logs[:, :-1] - logs[:, 1:]",
           "ratios = logs[:, 1:] - logs[:, :-1]", "analysis/test_stacks.py"),
    Mutant("analysis/peephole_and_reset.py", 'r["c"] if name == "o" else', 'r["c_prev"] if 1 else',
           "analysis/test_peephole_and_reset.py"),
    Mutant("analysis/loss_cliff.py", "slope * by_w, ldexp(1.0", "by_w, ldexp(1.0",
           "analysis/test_loss_cliff.py"),
    # tasks
    Mutant("tasks/adding.py", "rng.integers(half, length", "rng.integers(0, length", "tasks"),
    Mutant("tasks/temporal_order.py", "2 * which[0] + which[1]", "which[0] + 2 * which[1]",
           "tasks/test_symbols.py"),
    Mutant("tasks/parity.py", "np.cumsum(ones * marks", "np.cumsum(ones", "tasks/test_symbols.py"),
    Mutant("tasks/_windows.py", '"test": (self.training, ', '"test": (self.training - 1, ',
           "tasks"),
    Mutant("tasks/_score.py", "return 1 - cost(example, predictions) / naive if",
           "return 1 - (cost(example, predictions) / naive) ** 0.5 if", "tasks"),
    Mutant("tasks/stocks.py", "values[: split(quantity).training]", "values[:]", "tasks"),
    # training
    Mutant("training/optimisers.py", "1 - self.second**self.count", "1 - self.second", "training"),
    Mutant("training/optimisers.py", "gradient * (limit / norm)", "gradient * limit", "training"),
    Mutant("training/truncated_bptt.py", "np.arange(len(self.x)) >= self.before",
           "np.arange(len(self.x)) > self.before", "training"),
    Mutant("training/truncated_bptt.py", "-(-plan.back // plan.window) + 1",
           "plan.back // plan.window + 1", "training"),
    Mutant("training/echo_stream.py", "(t - 1) // window * window + 1", "t // window * window + 1",
           "training"),
    Mutant("training/net_pass.py", "if low <= first and self._nothing_left()",
           "if self._nothing_left()", "training/test_train.py"),
    Mutant("training/net_pass.py", "series[high - low] += left", "series[high - low] = left",
           "training/test_train.py"),
    Mutant("training/net_pass.py", "layer.dh[self.lossy] = 0", "pass", "training/test_train.py"),
    Mutant("training/train_net.py", "with one_blas_thread():", "if True:",
           "training/test_train.py"),
    Mutant("training/trainer.py", "t=found.t + low", "t=found.t", "training/test_train.py"),
    Mutant("training/trainer.py", "self.plan.rate_at(self.update)", "self.plan.rate",
           "training/test_torch_updates.py"),
    Mutant("training/objectives.py", "total * len(rows)", "total", "training/test_train.py"),
    Mutant("training/measures.py", "np.log2(count)", "0", "training/test_train.py"),
    # experiments
    Mutant("experiments/settings_checks.py", "mask[first - 1 : last] = True",
           "mask[first:last] = True", "experiments/test_settings.py"),
    Mutant("experiments/settings_checks.py", "lower_T=limit // H**2", "lower_T=steps",
           "experiments/test_settings.py ui/every_page/test_links.py"),
    Mutant("experiments/initialisation_runs.py", "np.maximum(self.last() - 1, 1)",
           "np.maximum(self.last(), 1)", "experiments/test_initialisation_runs.py"),
    Mutant("experiments/cost.py", 'node.phi != "identity"', 'node.phi != "tanh"',
           "experiments/test_cost.py"),
    Mutant("experiments/problem_types.py", "drawn[:1], drawn[:-1]", "drawn[:1], drawn[1:]",
           "experiments/test_problem_types.py"),
    # figures
    Mutant("figures/scales.py", "one.low / 2 + one.high / 2", "one.low", "figures"),
    Mutant("figures/heatmaps.py", '{"state": 0, "gate": 1,', '{"state": 1, "gate": 0,',
           "figures"),
    Mutant("figures/axes.py", "pad = 0.06 * max(high - low, LEAST_DECADES)",
           "pad = -0.06 * max(high - low, LEAST_DECADES)", "figures"),
    Mutant("figures/maps.py", "np.isneginf(shown) | (shown < FLOAT64[0])", "np.isneginf(shown)",
           "figures"),
    Mutant("figures/planes.py", "else number(bar.value)", 'else ""', "figures"),
    Mutant("figures/learning.py", "causes = [", "causes = [] and [", "figures"),
    # ui
    Mutant("ui/affordable.py", "max(FEWEST, min(MOST, n,", "max(1, min(MOST, n,",
           "ui/test_affordable.py"),
    Mutant("ui/cell_checks.py", "_elsewhere.digest == digest(own)", "True",
           "ui/test_cell_checks.py"),
    Mutant("ui/cell_checks.py", "verify_flow(own, loss(settings))",
           "verify_flow(settings.flow(cell), loss(settings))", "ui/test_cell_checks.py"),
    Mutant("experiments/checked.py", "    yield flow.loss\n", "    pass\n",
           "ui/test_cell_checks.py"),
    Mutant("experiments/carried_runs.py", "one.trained.forget(one.cell, one.options)", "pass",
           "ui/test_heavy.py"),
    Mutant("numerics/bounded_cache.py", "self.bytes > NEARLY * self.most", "False",
           "numerics/test_bounded_cache.py"),
    Mutant("numerics/process_pool.py", "elif not self.limit:", "else:",
           "numerics/test_process_pool.py"),
    Mutant("ui/affordable.py", "steps * n * max(n, inputs) <= CHECKS", "True",
           "ui/test_badge.py ui/test_affordable.py"),
    Mutant("ui/short_links.py", "if not unpacker.eof", "if False", "ui/test_short_links.py"),
    Mutant("ui/url_controls.py", "kind(min(max(value, low), high))", "kind(value)",
           "ui/test_url_controls.py ui/every_page/test_links.py"),
    Mutant("ui/url_controls.py", "if value == default:", "if False:", "ui/test_url_controls.py"),
    Mutant("ui/pages/gradient_flow/findings.py", "summed[-1] / 2)) + 1", "summed[-1] / 2))",
           "ui/pages/test_findings.py ui/pages/test_gradient_flow.py"),
    Mutant("ui/pages/cuts/findings.py", "if one > k and", "if one < k and",
           "ui/pages/test_cuts.py ui/pages"),
    Mutant("advice/side_by_side.py", "one.log10_norms[one.start])", "one.log10_norms[1])",
           "ui/pages/test_compare.py ui/pages"),
    Mutant("advice/outcome.py", "if grows(found):", "if not grows(found):",
           "ui/pages/test_compare.py ui/pages"),
    Mutant("ui/shell/held_gates.py", "if value != FREE", "if value == FREE",
           "ui/shell/test_held_gates.py"),
    Mutant("browser/gradient_overview/contents.py", "np.flatnonzero(losses) + 1",
           "np.flatnonzero(losses)", "ui/components/test_gradient_overview.py"),
    Mutant("ui/shell/tour.py", "state = _standing(step, settings, script)", 'state = "here"',
           "ui/shell/test_tour.py"),
]  # fmt: skip


def taken(revision: str, folder: Path) -> None:
    """Put the tree of a revision into a folder."""
    packed = subprocess.run(
        ["git", "archive", revision], cwd=ROOT, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def outcome(folder: Path, mutant: Mutant) -> str:
    """One error, made, tried and taken back: "caught", "survived", or "gone" from the source."""
    path = folder / "rnnviz" / mutant.file
    old = path.read_text("utf-8") if path.exists() else ""
    if old.count(mutant.before) != 1:
        return f"gone ({old.count(mutant.before)})"
    path.write_text(old.replace(mutant.before, mutant.after), "utf-8")
    tests = [f"tests/{one}" for one in mutant.tests.split()]
    command = [sys.executable, "-B", "-m", "pytest", "-n0", "-x", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    finally:
        path.write_text(old, "utf-8")
    if done.returncode not in (0, 1, 2):
        return f"pytest said {done.returncode}: {done.stdout[-300:]}"
    return "survived" if done.returncode == 0 else "caught"


def main(revision: str = "HEAD", only: str = "") -> None:
    """Try all errors, or those in files whose names contain a text."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        taken(revision, Path(folder))
        for mutant in MUTANTS:
            if only in mutant.file:
                found.append(outcome(Path(folder), mutant))
                print(f"{found[-1]:9} {mutant.file}: {mutant.before}", flush=True)
    print(f"{found.count('caught')} of {len(found)} caught at {revision}")


if __name__ == "__main__":
    main(*sys.argv[1:])
