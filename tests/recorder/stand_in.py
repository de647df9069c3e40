"""A module with the hooks of PyTorch's nn.LSTM, and a training loop that calls them in order."""

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np


class Tensor(np.ndarray):
    """An array with as much of a tensor as a hook may touch."""

    requires_grad = True

    def __array_finalize__(self, parent: Any) -> None:
        self.hooks = []

    def register_hook(self, hook: Callable[[Any], None]) -> "Handle":
        self.hooks.append(hook)
        return Handle(self.hooks, hook)

    def detach(self) -> "Tensor":
        return self

    def view_as(self, other: "Tensor") -> "Tensor":
        return self.view(Tensor)

    cpu = detach

    def numpy(self) -> np.ndarray:
        return np.asarray(self)

    def element_size(self) -> int:
        return self.itemsize

    def norm(self) -> float:
        return float(np.linalg.norm(np.asarray(self)))

    @property
    def device(self) -> Any:
        return type("device", (), {"type": "cpu"})


class Handle:
    """What removes a hook."""

    def __init__(self, hooks: list[Any], hook: Any) -> None:
        self.hooks, self.hook = hooks, hook

    def remove(self) -> None:
        self.hooks.remove(self.hook)


class LSTM:
    """What `rnnviz.watch` asks of a module."""

    batch_first, dropout, num_layers = False, 0.0, 1

    def __init__(self, inputs: int, size: int, seed: int) -> None:
        self.rng, self.size, self.hooks = np.random.default_rng(seed), size, []
        self.outputs: list[weakref.ref[Tensor]] = []
        shapes = {"weight_ih_l0": (4 * size, inputs), "weight_hh_l0": (4 * size, size),
                  "bias_ih_l0": (4 * size,), "bias_hh_l0": (4 * size,)}  # fmt: skip
        self.state = {name: tensor(self.rng.standard_normal(one)) for name, one in shapes.items()}

    def named_modules(self) -> list[tuple[str, Any]]:
        return [("", self)]

    def get_submodule(self, path: str) -> Any:
        return self

    def parameters(self) -> list[Tensor]:
        return list(self.state.values())

    def state_dict(self) -> dict[str, Any]:
        return dict(self.state)

    def register_forward_hook(self, hook: Any, *, with_kwargs: bool) -> Handle:
        assert with_kwargs
        self.hooks.append(hook)
        return Handle(self.hooks, hook)


class RNNCell(LSTM):
    """A cell of tanh that is called once a timestep."""

    nonlinearity = "tanh"

    def __init__(self, inputs: int, size: int, seed: int) -> None:
        super().__init__(inputs, size, seed)
        self.state = {name.removesuffix("_l0"): one[:size] for name, one in self.state.items()}
        self.first: list[Any] = []

    def register_forward_pre_hook(self, hook: Any, *, with_kwargs: bool) -> Handle:
        assert with_kwargs
        self.first.append(hook)
        return Handle(self.first, hook)

    def __call__(self, *args: Any) -> tuple[Tensor, Tensor]:
        """The new state, and the one that was read."""
        for hook in self.first:
            args = (hook(self, args, {}) or (args,))[0]
        x, h = args
        own = self.state
        out = tensor(np.tanh(x @ own["weight_ih"].T + own["bias_ih"] + h @ own["weight_hh"].T
                             + own["bias_hh"]))  # fmt: skip
        for hook in self.hooks:
            hook(self, args, {}, out)
        return out, h


for kind in (LSTM, RNNCell):
    kind.__module__ = "torch.nn.modules.rnn"


def tensor(array: Any) -> Tensor:
    return np.array(array, np.float32).view(Tensor)


def train(
    module: LSTM, updates: int, tell: Any = lambda loss: None, by: float = 0.1
) -> list[Any]:
    """Call hooks as PyTorch would; returns x, ∂L/∂outputs, loss and weights of every pass, after
    each of which weights grow ``by`` so much."""
    found = []
    for update in range(updates):
        x, dh = (tensor(module.rng.standard_normal((4, 2, n))) for n in (2, module.size))
        out, h, c = (tensor(np.zeros(shape)) for shape in ((4, 2, 3), (1, 2, 3), (1, 2, 3)))
        module.outputs.append(weakref.ref(out))
        for hook in module.hooks:
            hook(module, (x,), {}, (out, (h, c)))
        tell(float(update))
        found.append((x, np.array(dh), float(update),
                      {name: np.array(one) for name, one in module.state.items()}))  # fmt: skip
        for state in (h, c):  # not read by the loss
            for hook in state.hooks:
                hook(None)
        for hook in out.hooks:
            hook(dh)
        for one, norm in zip(module.parameters(), (3.0, 4.0, 0.0, 0.0), strict=True):
            for hook in one.hooks:
                hook(tensor([norm]))
            one += by
    return found


def train_cell(module: RNNCell, updates: int, loops: int = 1) -> list[Any]:
    """A loop over time with a loss on every second step; returns x, ∂L/∂h and the weights."""
    found = []
    for _ in range(updates):
        x, dh = (module.rng.standard_normal((6, 2, n)) for n in (2, module.size))
        dh[::2] = 0
        found.append((x, dh, {name: np.array(one) for name, one in module.state.items()}))
        for _ in range(loops):
            h, outs, read = tensor(np.zeros((2, module.size))), [], []
            for x_t in x:
                h, before = module(tensor(x_t), h)
                outs.append(h)
                read.append(before)
        through = np.zeros((2, module.size))
        for t in reversed(range(len(x))):
            whole = dh[t] + through
            for hook in outs[t].hooks:
                hook(tensor(whole))
            through = (whole * (1 - np.square(outs[t]))) @ module.state["weight_hh"]
            for hook in read[t].hooks if t else ():
                hook(tensor(through))
        for one in module.parameters():
            for hook in one.hooks:
                hook(tensor([1.0]))
            one += 0.1
    return found
