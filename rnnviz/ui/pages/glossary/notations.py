"""How others write the same net: a table from their symbols to the app's."""

from __future__ import annotations

from typing import NamedTuple

from rnnviz.words import word


class Row(NamedTuple):
    """One quantity: its name, its symbol in the app, and in the notations of `SOURCES`."""

    name: str
    here: str
    others: tuple[str, ...]


SOURCES = ("W_hh, W_xh, W_hy", "U, V, W, s, o", "W_xx", "[h, x]")
"""The notations, by their marks: Karpathy 2015; LeCun, Bengio and Hinton 2015; Pascanu, Mikolov and
Bengio 2013 with W_xx for their W_rec; Olah 2015."""
ROWS = (
    Row(word("input"), "x_t", ("x_t", "x_t", "u_t", "x_t")),
    Row(word("hidden state"), "h_t", ("h_t", "s_t", "x_t", "h_t")),
    Row(word("output"), "y_t", ("y_t", "o_t", "y_t", "y_t")),
    Row(word("input weights"), "W_x", ("W_xh", "U", "W_ux", "W")),
    Row(word("recurrent weights"), "W_h", ("W_hh", "W", "W_xx, W_rec", "W")),
    Row(word("output weights"), "W_y", ("W_hy", "V", "W_xy", "W_y")),
)
NOTES = (
    word("Rows and columns: the app writes vectors as rows, h_t = φ(x_t W_x + h_(t−1) W_h + b). "
         "With columns it is h_t = φ(W_x x_t + W_h h_(t−1) + b), and each matrix is the transpose "
         "of the app's."),
    word("[h, x] concatenated: W · [h_(t−1), x_t] + b is the same as two products. The columns of "
         "W that meet h are the transpose of W_h, those that meet x the transpose of W_x."),
    word("Forget gate the other way round: some notes let f be the share that is forgotten, so "
         "that c_t = (1 − f) ⊙ c_(t−1) + …; their f is 1 − f of the app, where 1 keeps."),
    word("Update gate the other way round: with h_t = (1 − z) ⊙ h_(t−1) + z ⊙ g, as in Chung et "
         "al. 2014, z is 1 − z of the app, where 1 keeps."),
    word("Time: here h_t already contains x_t, and h_0 is the state before the first input. Where "
         "states are counted from 1, h_1 may be that initial state."),
)  # fmt: skip
