"""The cell page without a browser: what its drawings are told, and what edits do to them."""

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.analysis.cell_graph import currents
from tests.ui.apps import live, open_app, settings_of, shown

pytestmark = pytest.mark.usefixtures("unchecked")

SMALL = {"task": "impulse", "T": 12, "H": 5, "seed": 5}
FOUR = "rnn,lstm,gru,peephole_lstm"


def rows(packet, name):
    """A node of the first cell, as the browser has it."""
    return next(node for node in packet.head["cells"][0]["nodes"] if node["name"] == name)


@pytest.mark.parametrize("cell", CELLS)
def test_every_wire_and_node_is_sent_with_its_value_and_gradient(cell):
    app = shown("pages/Step.py", **SMALL, cells=cell, unit=2)
    packet, flow = live(app)["cell_large"], settings_of(app).flow(cell)
    found, (drawn,) = currents(flow), packet.head["cells"]
    assert drawn["name"] == cell
    *own, output = drawn["nodes"]
    assert [node["name"] for node in own] == [node.name for node in found.graph]
    np.testing.assert_array_equal(packet.values[output["value"]], flow.trace.scores[:, 0, 0])
    for node in own:
        if node["op"] in ("input", "out"):
            continue
        np.testing.assert_array_equal(
            packet.values[node["value"]], found.values[node["name"]][:, 2]
        )
        logs, signs = (packet.values[k] for k in node["back"])
        wanted = found.gradients[node["name"]].true()[:, 2]
        np.testing.assert_allclose(signs * 10.0**logs, wanted, rtol=1e-12)
    for wire in drawn["wires"][:-1]:
        path = wire["from"], wire["to"]
        np.testing.assert_array_equal(packet.values[wire["brings"]], found.brings[path][:, 2])
        logs, signs = (packet.values[k] for k in wire["back"])
        wanted = found.back[path].true()[:, 0 if path[0] == "x" else 2]
        np.testing.assert_allclose(signs * 10.0**logs, wanted, rtol=1e-12)


def test_signals_say_what_their_ends_mean():
    packet = live(shown("pages/Step.py", **SMALL, cells="lstm"))["cell_large"]
    forget = rows(packet, "f")
    assert (forget["title"], forget["meaning"]) == ("forget gate", ["remembers", "erases"])
    assert "#1A4268" in forget["color"]


def test_the_sum_of_the_rnn_is_named_after_the_matrix_of_the_past():
    packet = live(shown("pages/Step.py", **SMALL, cells="rnn"))["cell_large"]
    assert rows(packet, "a")["face"] == "W_h"


@pytest.mark.parametrize("cell", CELLS)
def test_the_terms_of_every_sum_are_sent_and_add_up(cell):
    app = shown("pages/Step.py", **SMALL, cells=cell, unit=1)
    packet = live(app)["cell_large"]
    for name, one in packet.head["cells"][0]["sums"].items():
        total = sum(packet.values[k["row"]] for k in one["added"])
        for term in one["terms"]:
            past = packet.values[term["rows"]] if term["source"] else np.ones((1, 12))
            total = total + np.asarray(term["weights"]) @ past
        node = rows(packet, name)
        known = {"σ": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh,
                 "relu": lambda a: np.maximum(a, 0)}  # fmt: skip
        phi = known.get(node["phi"], lambda a: a)
        np.testing.assert_allclose(packet.values[node["value"]], phi(total), rtol=1e-12)


def test_the_maps_show_all_cells_and_a_single_one_needs_none():
    head = live(shown("pages/Step.py", **SMALL, cells=FOUR))["maps"].head
    assert {one["name"] for one in head["cells"]} == set(FOUR.split(","))
    assert head["chosen"] == "lstm"
    assert not head["back"]
    assert "maps" not in live(shown("pages/Step.py", **SMALL, cells="gru"))


def test_the_way_things_flow_is_in_the_address():
    app = shown("pages/Step.py", **SMALL, flow="back")
    packets = live(app)
    assert all(packets[key].head["back"] for key in ("maps", "cell_large", "cell_unrolled"))
    assert app.query_params["flow"] == "back"


@pytest.mark.parametrize("cell", CELLS)
def test_the_ribbons_are_the_norms(cell):
    app = shown("pages/Step.py", **SMALL, cells=cell)
    packet, flow = live(app)["cell_unrolled"], settings_of(app).flow(cell)
    states = [one["state"] for one in packet.head["norms"]]
    assert sorted(states) == sorted(CELLS[cell].states)
    for one in packet.head["norms"]:
        norms = flow.log10_norms(one["state"])[:, 0]
        np.testing.assert_array_equal(packet.values[one["row"]], norms[1:])
        assert one["start"] == norms[0]


def test_an_input_of_several_numbers_is_named_as_the_norm_that_it_is():
    several = live(shown("pages/Step.py", H=5, T=12, task="adding", cells="lstm"))["cell_large"]
    assert rows(several, "x")["title"] == "norm of the inputs"
    single = live(shown("pages/Step.py", **SMALL, cells="lstm"))["cell_large"]
    assert rows(single, "x")["title"] == "input"


def test_cells_are_named_in_the_language_of_the_page():
    korean = live(shown("pages/Step.py", **SMALL, cells="lstm_1997", lang="ko"))["cell_large"]
    assert korean.head["cells"][0]["title"] == "1997년의 LSTM"


def test_with_gradients_the_sum_over_time_is_sent_term_by_term():
    app = shown("pages/Step.py", **SMALL, cells="gru", flow="back", weight="W_x")
    flow = settings_of(app).flow("gru")
    wanted = np.linalg.norm(flow.parameters[0]["W_x"])
    packet, factors = live(app)["cell_unrolled"], live(app)["factors"]
    told = packet.head["sum"]
    assert (told["name"], told["start"]) == ("W_x", 12)
    assert 10 ** packet.values[told["row"]][0] == pytest.approx(wanted, rel=1e-10)
    assert 10 ** factors.values[-1][0] == pytest.approx(wanted, rel=1e-10)
    first, last = factors.values[[5, 6]]
    np.testing.assert_array_equal(first, packet.values[told["term"]])
    np.testing.assert_array_equal(last, packet.values[told["row"]])
    assert (first <= factors.values[3] + factors.values[4] + 1e-9).all()
    assert "sum" not in live(shown("pages/Step.py", **SMALL))["cell_unrolled"].head


@pytest.mark.parametrize(("task", "listed"), [("stocks", 6), ("sentence", 1)])
def test_the_output_s_numbers_add_up_over_all_outputs(task, listed):
    """Costs from scores and targets, and ∂L/∂y · ∂y/∂h of every output, which make ∂L_t/∂h_t."""
    app = shown("pages/Step.py", task=task, T=20, H=5, loss="every", cells="lstm", unit=2)
    packet, flow = live(app)["cell_large"], settings_of(app).flow("lstm")
    (cell,) = packet.head["cells"]
    told, rows_of = cell["output"], packet.values
    assert len(told["listed"]) == listed
    assert listed + told["others"] == flow.trace.scores.shape[-1]
    sent = 0.0
    for log, sign in [one["part"] for one in told["listed"]] + [told["otherPart"]]:
        sent = sent + rows_of[sign] * 10.0 ** rows_of[log]
    np.testing.assert_allclose(sent, flow.outputs[:, 0, 2], rtol=1e-10, atol=1e-15)
    cost, steps = rows_of[cell["loss"]["cost"]], len(flow.trace.x)
    np.testing.assert_allclose(cost / steps, flow.loss[:, 0], rtol=1e-12)
    np.testing.assert_allclose(rows_of[told["loss"]], flow.loss.sum(), rtol=1e-12)
    if task == "stocks":
        errors = [rows_of[one["score"]] - rows_of[one["target"]] for one in told["listed"]]
        np.testing.assert_allclose(np.square(errors).sum(axis=0) / 2, cost, rtol=1e-12)
    else:
        np.testing.assert_allclose(-np.log(rows_of[told["targetAnswer"]]), cost, rtol=1e-10)
        score = rows_of[told["targetScore"]]
        np.testing.assert_allclose(rows_of[told["whole"]] - score, cost, rtol=1e-10)


def test_another_output_is_in_the_address_and_kept_only_where_there_is_one():
    app = open_app("pages/Step.py", task="stocks", T=9, H=4, cells="lstm", output=4)
    cell = live(app)["cell_large"].head["cells"][0]
    assert (cell["nodes"][-1]["symbol"], cell["output"]["k"]) == ("y_t[4]", 4)
    assert cell["sums"]["y"]["terms"][1]["places"] == [4]
    assert app.query_params["output"] == "4"
    app = open_app("pages/Step.py", task="noisy_sine", T=9, H=4, cells="lstm", output=4)
    assert live(app)["cell_large"].head["cells"][0]["output"]["k"] == 0
    assert not app.exception
