"""What keeps, writes and reads a cell's memory, read from its equations or stated by the cell."""

import numpy as np

import rnnviz
from rnnviz import CELLS, Model, backprop, roads, run, time_constants, unit_memory, verify
from rnnviz.advice import gate_title
from rnnviz.analysis import bounds
from rnnviz.cells._base import Cell, candidate, gate, state


def test_the_roles_of_the_three_cells():
    assert CELLS["rnn"].roles == {"memory": "h"}
    assert CELLS["gru"].roles == {
        "memory": "h", "keep": "z", "write": "1 − z", "read": "r", "candidate": "g",
    }  # fmt: skip
    assert CELLS["lstm"].roles == {
        "memory": "c", "keep": "f", "write": "i", "read": "o", "candidate": "g", "hidden": "h",
    }  # fmt: skip


def test_a_gate_that_only_makes_another_has_no_role():
    assert CELLS["minlstm"].roles == {
        "memory": "h", "keep": "k", "write": "1 − k", "candidate": "g",
    }  # fmt: skip


def test_a_new_cell_may_state_a_role():
    ends = {"at_0": "shut", "at_1": "open"}

    class Tenth(Cell):
        """Two gates read; the cell says which is the one."""

        name, title, source = "tenth", "Tenth", "nobody"
        equations = """
            u = σ(x @ W_xu + b_u)
            p = σ(x @ W_xp + b_p)
            q = σ(x @ W_xq + b_q)
            m = p * h_prev
            g = tanh(x @ W_xg + m @ W_hg + b_g)
            v = q * g
            h = u * h_prev + (1 - u) * v
        """
        signals = (
            *(gate(one, one, **ends) for one in "upq"), candidate("g"), state("h", "hidden state")
        )  # fmt: skip
        roles = {"read": "q"}

    assert Tenth.roles == {
        "memory": "h", "keep": "u", "write": "1 − u", "read": "q", "candidate": "g",
    }  # fmt: skip


def test_what_is_left_of_a_gate_may_keep():
    """A cell that forgets by f is the one that keeps by 1 − f, also for all that speaks of it."""
    class Forgets(Cell):
        """c = (1 − f) ⊙ c + i ⊙ g."""

        name, title, source = "forgets", "Forgets", "nobody"
        states = ("h", "c")
        equations = """
            f = σ(x @ W_xf + h_prev @ W_hf + b_f)
            g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
            c = (1 - f) * c_prev + f * g
            h = tanh(c)
        """
        signals = (
            gate("f", "forget gate", at_0="keeps", at_1="replaces"), candidate("g"),
            state("c", "cell state"), state("h", "hidden state"),
        )  # fmt: skip

    assert (Forgets.keeping_gate, Forgets.bias_blocks) == ("1 − f", {})
    assert Forgets.roles == {
        "memory": "c", "keep": "1 − f", "write": "f", "candidate": "g", "hidden": "h",
    }  # fmt: skip
    W = {name: np.full(shape, 0.3) for name, shape in Forgets().shapes(1, 2).items()}
    trace = run(Model(Forgets(), 1, 2, (W,)), np.ones((5, 1)))
    flow = backprop(trace, np.ones((5, 1, 2)))
    np.testing.assert_array_equal(trace["1 − f"], 1 - trace["f"])
    np.testing.assert_allclose(time_constants(trace), 1 / trace["f"])
    np.testing.assert_allclose(unit_memory(trace).steps, 1 / trace["f"].mean(axis=(0, 1)))
    assert roads(trace, np.ones((5, 1, 2))).gate == "1 − f"
    assert bounds.predictions(flow.layers[0])[0].name == "∏ (1 − f)"
    assert gate_title(flow.layers[0]) == "1 − forget gate"
    assert all(check.ok for check in verify(trace, np.ones((5, 1, 2))))
    assert rnnviz.plot.by_role(flow.layers[0].trace).data
