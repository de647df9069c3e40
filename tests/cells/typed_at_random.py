"""Equations at random, in the form in which people type them."""

from __future__ import annotations

import random


def equations(seed: int) -> str:
    """From one to four symbols, then c or not, then h."""
    return "\n".join(_Writer(random.Random(seed)).lines())


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self.rng, self.weights = rng, 0
        self.two = rng.random() < 0.4
        self.known = ["h_prev"] + ["c_prev"] * self.two

    def lines(self) -> list[str]:
        found = ["g = tanh(x W + h_prev U + b)"]
        self.known.append("g")
        for name in self.rng.sample("zrfqmkuovies", self.rng.randint(0, 3)):
            phi = self.rng.choice(["σ", "tanh", "sigmoid", ""])
            found.append(f"{name} = {phi}({self.sum(bias=True)})")
            self.known.append(name)
        if self.two:
            found.append(f"c = {self.plain()} ⊙ c_prev + {self.plain()}")
            self.known.append("c")
        return [*found, f"h = tanh({self.plain()}) ⊙ {self.symbol()} + {self.plain()}"]

    def symbol(self) -> str:
        return self.rng.choice(self.known)

    def weight(self, letter: str) -> str:
        self.weights += 1
        return f"{letter}{self.weights}"

    def sum(self, *, bias: bool) -> str:
        rng = self.rng
        parts = [f"x {self.weight('W')}"] if bias or rng.random() < 0.5 else []
        parts += [f"h_prev @ {self.weight('U')}"]
        parts += [f"{self.symbol()} {self.weight('V')}"] if rng.random() < 0.4 else []
        parts += [f"{self.symbol()} ⊙ {self.weight('p')}"] if rng.random() < 0.3 else []
        parts += [self.weight("b")] if bias and rng.random() < 0.7 else []
        parts += [self.plain(1)] if rng.random() < 0.2 else []
        parts += ["0.5"] if rng.random() < 0.2 else []
        rng.shuffle(parts)
        text = parts[0]
        for one in parts[1:]:
            text += f" {rng.choice('+++−')} {one}" if one[0] not in "b" else f" + {one}"
        return text

    def plain(self, depth: int = 2) -> str:
        kind = self.rng.random()
        if depth == 0 or kind < 0.3:
            return self.symbol()
        if kind < 0.5:
            return f"{self.plain(depth - 1)} ⊙ {self.symbol()}"
        if kind < 0.6:
            return f"(1 − {self.symbol()})"
        if kind < 0.7:
            first, second = self.plain(depth - 1), self.plain(depth - 1)
            return self.rng.choice([f"({first} − {second})", f"(−0.5 {self.symbol()} + {first})",
                                    f"(2 * {first} − 1)", f"({first} / 2 − 0.25)"])  # fmt: skip
        if kind < 0.8:
            return f"tanh({self.plain(depth - 1)})"
        if kind < 0.9:
            return f"({self.plain(depth - 1)} + {self.symbol()})"
        return f"σ({self.sum(bias=False)})"
