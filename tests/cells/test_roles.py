"""What keeps, writes and reads a cell's memory, read from its equations or stated by the cell."""

from rnnviz import CELLS
from rnnviz.cells._base import Cell, candidate, gate, state


def test_the_roles_of_the_three_cells():
    assert CELLS["rnn"].roles == {"memory": "h"}
    assert CELLS["gru"].roles == {
        "memory": "h", "keep": "z", "write": "1 - z", "read": "r", "candidate": "g",
    }  # fmt: skip
    assert CELLS["lstm"].roles == {
        "memory": "c", "keep": "f", "write": "i", "read": "o", "candidate": "g", "hidden": "h",
    }  # fmt: skip


def test_a_gate_that_only_makes_another_has_no_role():
    assert CELLS["minlstm"].roles == {
        "memory": "h", "keep": "k", "write": "1 - k", "candidate": "g",
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
        "memory": "h", "keep": "u", "write": "1 - u", "read": "q", "candidate": "g",
    }  # fmt: skip
