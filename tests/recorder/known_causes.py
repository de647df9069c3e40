"""Nets whose reason not to learn is known, trained in PyTorch and recorded: run it by hand, by

    python -m tests.recorder.known_causes [folder]

It trains the nets of `RUNS` on the adding problem, prints what is judged of each, fails where the
first cause is another than the known one, and stores the numbers judged in known_causes.npz, which
tests/recorder/test_verdict.py judges again. With ``--tried`` it trains the changes of `TRIED`, too:
those that the page Runs names.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch

import rnnviz
from rnnviz.numerics.array_files import packed
from rnnviz.recorder.verdict import judged
from rnnviz.recorder.verdict_numbers import Numbers, numbers

GUESSING = 1 / 6
STORED = Path(__file__).with_name("known_causes.npz")


class Case(NamedTuple):
    """A net, how it is trained, and the first cause; "" where it learns."""

    cause: str
    kind: str = "LSTM"
    steps: int = 30
    rate: float = 0.005
    updates: int = 1000
    change: Callable[[Any], None] = lambda net: None
    adam: bool = True
    clip: float = 0.0
    options: dict[str, Any] = {}


def forget(bias: float) -> Callable[[Any], None]:
    """Set the forget gate's bias."""
    def change(net: Any) -> None:
        size = net.hidden_size
        net.bias_ih_l0[size : 2 * size] = bias
        net.bias_hh_l0[size : 2 * size] = 0
    return change


def gain(value: float) -> Callable[[Any], None]:
    """Draw W_h with standard deviation gain / √H."""
    return lambda net: net.weight_hh_l0.normal_(0, value / net.hidden_size**0.5)


def orthogonal(net: Any) -> None:
    torch.nn.init.orthogonal_(net.weight_hh_l0)


def identity(net: Any) -> None:
    """W_h = 1, biases 0, small W_x (Le, Jaitly and Hinton 2015)."""
    torch.nn.init.eye_(net.weight_hh_l0)
    net.weight_ih_l0.normal_(0, 0.001)
    for one in (net.bias_ih_l0, net.bias_hh_l0):
        one.zero_()


def silent(net: Any) -> None:
    net.bias_ih_l0.fill_(-5)


RUNS = {
    "healthy-lstm": Case("", change=forget(1)),
    "vanishing-rnn": Case("vanishes", "RNN", 100, 0.001),
    "vanishing-lstm": Case("vanishes", steps=200, updates=1000),
    "exploding-rnn": Case("grows", "RNN", 100, 0.001, 600, gain(3)),
    "rate-too-small": Case("still", rate=1e-8, updates=600, change=forget(1)),
    "rate-too-large": Case("leaps", rate=3.0, updates=600, change=forget(1)),
    "sgd-too-large": Case("lost", "RNN", rate=300.0, updates=600, adam=False),
    "shut-forget-gate": Case("shut f", updates=600, change=forget(-10)),
    "silent-relu": Case("silent", "RNN", updates=600, change=silent,
                        options={"nonlinearity": "relu"}),
}  # fmt: skip
TRIED = {
    "vanishing-lstm, bias 1": Case("", steps=200, updates=3000, change=forget(1)),
    "vanishing-lstm, longer": Case("", steps=200, updates=3000),
    "vanishing-rnn, an LSTM": Case("", steps=100, updates=3000, change=forget(1)),
    "vanishing-rnn, a GRU": Case("", "GRU", 100, updates=3000),
    "vanishing-rnn, W_h = 1 and relu": Case("", "RNN", 100, 0.001, 3000, identity, clip=1.0,
                                            options={"nonlinearity": "relu"}),
    "vanishing-rnn, W_h orthogonal": Case("", "RNN", 100, 0.001, 3000, orthogonal, clip=1.0),
    "exploding-rnn, clipped": Case("", "RNN", 100, 0.001, 3000, gain(3), clip=1.0),
    "exploding-rnn, gain 1": Case("", "RNN", 100, 0.001, 3000, gain(1), clip=1.0),
    "exploding-rnn, an LSTM": Case("", steps=100, updates=3000, change=forget(1), clip=1.0),
    "rate-too-large, 600 times smaller": Case("", change=forget(1)),
    "shut-forget-gate, bias 1": Case("", change=forget(1)),
    "silent-relu, bias 0": Case("", "RNN", 30, 0.005, 3000, orthogonal, clip=1.0,
                                options={"nonlinearity": "relu"}),
}  # fmt: skip


def batch(steps: int, count: int = 32) -> tuple[Any, Any]:
    x = torch.rand(steps, count, 2)
    x[..., 1] = 0
    for marked in (torch.randint(0, steps // 2, (count,)),
                   torch.randint(steps // 2, steps, (count,))):
        x[marked, torch.arange(count), 1] = 1
    return x, (x[..., 0] * x[..., 1]).sum(0)[:, None]


def trained(folder: Path, case: Case) -> None:
    torch.manual_seed(0)
    net = getattr(torch.nn, case.kind)(2, 32, **case.options)
    head = torch.nn.Linear(32, 1)
    with torch.no_grad():
        case.change(net)
    weights = [*net.parameters(), *head.parameters()]
    optimiser = (torch.optim.Adam if case.adam else torch.optim.SGD)(weights, case.rate)
    with rnnviz.watch(net, folder, every=case.updates // 40, guessing=GUESSING) as watching:
        for _ in range(case.updates):
            x, answer = batch(case.steps)
            loss = (head(net(x)[0][-1]) - answer).square().mean()
            optimiser.zero_grad()
            loss.backward()
            watching.loss(loss)
            if case.clip:
                watching.clipped(torch.nn.utils.clip_grad_norm_(weights, case.clip), case.clip)
            optimiser.step()


def main(folder: Path, asked: list[str]) -> None:
    cases = RUNS | (TRIED if "--tried" in asked else {})
    names = [one for one in asked if not one.startswith("-")]
    stored = {}
    for name, case in cases.items():
        if names and not any(one in name for one in names):
            continue
        if not (folder / name).exists():
            trained(folder / name, case)
        found: Numbers = numbers(rnnviz.RecordedRun(folder / name))
        told = judged(found)
        causes = [one.name for one in told.causes]
        print(f"{name}: {told.course} {told.causes}\n", flush=True)
        if name in RUNS:
            stored |= {f"{name}/{key}": one for key, one in found.arrays().items()}
            assert (causes or [""])[0] == case.cause, (causes, case.cause)
            assert (told.course.kind == "below") == (case.cause == ""), told.course
    if not names:
        STORED.write_bytes(packed(stored))


if __name__ == "__main__":
    where = [one for one in sys.argv[1:] if "/" in one]
    torch.set_num_threads(1)
    main(Path(where[0] if where else tempfile.mkdtemp()),
         [one for one in sys.argv[1:] if "/" not in one])
