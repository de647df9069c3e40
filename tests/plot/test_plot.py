"""Public figures: what each draws, on which scale, and that all of them keep the same manners."""

import inspect

import numpy as np
import plotly.graph_objects as go
import pytest

import rnnviz
from rnnviz import plot
from rnnviz.figures.palette import TEXT
from rnnviz.plot.roles import shared_roles
from rnnviz.plot.units import limits_of
from rnnviz.words.numbers import share

T, H = 12, 4
X = np.random.default_rng(0).standard_normal((T, 1, 2))
DH = np.zeros((T, 1, H))
DH[-1] = 1


def flow_of(cell, **options):
    trace = rnnviz.run(rnnviz.build(cell, 2, H, seed=0, **options), X)
    return rnnviz.backprop(trace, DH)


@pytest.fixture(scope="module")
def lstm():
    return flow_of("lstm", forget_bias=3.0)


def calls(flow):
    """Public function → its records, for those that draw one trace and its flow."""
    trace, logs = flow.trace, rnnviz.itemised(flow.trace, DH)
    return {
        "gradient_norms": (flow,), "gradient_flow": (flow,), "unit": (trace, flow, 1),
        "gates": (trace,), "by_role": (trace,), "jacobian_map": (trace,),
        "loss_attribution": (logs,), "flows_by_cell": ({"lstm": flow},),
        "forgetting": ({"lstm": flow},),
        "spectra_by_cell": ({"lstm": rnnviz.singular_values(trace)},),
        "paths_by_cell": ({"lstm": rnnviz.roads(trace, DH)},),
        "one_loss": (logs, T, 1), "loss_distances": (logs,), "spectrum": (trace,),
        "lyapunov": (rnnviz.lyapunov(trace),), "eigenvalues": (trace,),
        "matrix_powers": ([[0.5, 10], [0, 0.5]],),
        "gradient_paths": (trace, rnnviz.roads(trace, DH)), "memory": (trace,),
        "truncation": (rnnviz.truncated(trace, DH, 3),), "loss_cliff": (5.0, -2.45),
        "cell_map": (trace.model.cell,),
    }  # fmt: skip


def test_all_take_view_options_by_name_and_only_so():
    for name in plot.__all__:
        options = inspect.signature(getattr(plot, name)).parameters
        assert "theme" in options, name
        for one in options.keys() & {"theme", "scale", "labels", "height", "colorbar", "title"}:
            assert options[one].kind is inspect.Parameter.KEYWORD_ONLY, name


def test_figures_are_new_each_time_and_follow_theme_and_height(lstm):
    for name, records in calls(lstm).items():
        function = getattr(plot, name)
        usual, dark = function(*records), function(*records, theme="dark", height=333)
        assert isinstance(usual, go.Figure), name
        assert usual is not function(*records), name
        assert dark.layout.font.color == TEXT["dark"], name
        assert dark.layout.height != usual.layout.height, name


@pytest.mark.parametrize(
    "wrong",
    [{"theme": "pink"}, {"height": -5}, {"scale": (2.0, -7.0)}, {"scale": (1,)}, {"labels": "abc"}],
)
def test_options_that_cannot_be_meant_are_refused_by_name(wrong, lstm):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"`{name}` must"):
        plot.jacobian_map(lstm.trace, **wrong)


def test_a_given_scale_is_the_range_of_every_log_axis(lstm):
    for name, records in calls(lstm).items():
        function = getattr(plot, name)
        if "scale" not in inspect.signature(function).parameters or name in ("gates", "by_role"):
            continue
        fig = function(*records, scale=(-7.0, 2.0))
        maps = [one for one in fig.data if one.type == "heatmap" and one.showscale is not False]
        axes = [axis for axis in fig.select_yaxes() if axis.tickprefix == "10<sup>"]
        assert maps or axes, name
        assert all((one.zmin, one.zmax) == (-7, 2) for one in maps), name
        assert all(axis.range == (-7, 2) for axis in axes), name


def test_norms_of_several_cells_share_an_axis_and_keep_their_names(lstm):
    flows = {"rnn": flow_of("rnn"), "mine": lstm, "again": flow_of("lstm")}
    fig = plot.gradient_norms(flows)
    assert [line.name for line in fig.data] == ["RNN", "mine", "again"]
    for line, flow in zip(fig.data, flows.values(), strict=True):
        np.testing.assert_allclose(line.y, flow.log10_norms("h")[:, 0])
    assert len({(line.line.color, line.line.dash) for line in fig.data}) == 3


def test_the_map_of_a_cell_that_keeps_is_drawn_over_its_own_decades(lstm):
    logs = rnnviz.jacobian_map(lstm.trace)
    one = plot.jacobian_map(lstm.trace).data[0]
    np.testing.assert_allclose(one.z, logs, rtol=1e-5)
    assert one.zmax - one.zmin <= 3
    assert one.zmin <= np.nanmin(logs) < one.zmin + 1
    np.testing.assert_array_equal(plot.jacobian_map(logs).data[0].z, one.z)


def test_gates_have_one_bar_a_scale_and_candidates_share_that_of_h(lstm):
    fig = plot.gates(lstm.trace)
    bars = [one for one in fig.data if one.showscale]
    ends = {(one.zmin, one.zmax) for one in fig.data if one.type == "heatmap"}
    assert len(bars) == len(ends)
    assert not any(one.showscale for one in plot.gates(lstm.trace, colorbar=False).data)
    shared = {one.name: one.zmax for one in plot.gates(lstm.trace, scale={"c": 9.0}).data}
    assert shared["c"] == 9
    assert shared["g"] == shared["h"] == limits_of([lstm.trace])["h"]
    assert shared["f"] == 1


def test_a_layer_of_a_stack_is_asked_for_and_a_stack_is_refused():
    flow = rnnviz.backprop(rnnviz.run(rnnviz.build("gru", 2, H, num_layers=2), X), DH)
    top = plot.gradient_flow(flow.layer(1))
    np.testing.assert_allclose(top.data[0].y, flow.layer(1).log10_norms("z")[:, 0])
    with pytest.raises(ValueError, match="layer"):
        plot.gradient_norms(flow)


def test_layers_of_a_stack_share_one_scale_and_directions_too():
    model = rnnviz.build("lstm", 2, H, num_layers=2, bidirectional=True, forget_bias=5.0)
    trace = rnnviz.run(model, 50 * X)
    ends = {(one.zmin, one.zmax)
            for side in ("forward", "reverse")
            for one in plot.layer_signal(trace, "c", direction=side).data}  # fmt: skip
    assert len(ends) == 1
    assert ends.pop()[1] == max(abs(one["c"]).max() for one in trace.layers)
    with pytest.raises(ValueError, match="`name` must be one of"):
        plot.layer_signal(trace, "z")


def test_powers_of_a_non_normal_matrix_start_at_the_identity():
    norms, radius = plot.matrix_powers([[0.5, 10], [0, 0.5]], count=3).data
    np.testing.assert_allclose(norms.y[0], 0)
    assert norms.y[1] == pytest.approx(np.log10(np.linalg.norm([[0.5, 10], [0, 0.5]], 2)))
    np.testing.assert_allclose(radius.y, np.log10(0.5) * np.arange(4))


def test_what_is_no_record_is_refused_in_a_sentence():
    trace = rnnviz.run(rnnviz.build("rnn", 1, 2), np.ones((3, 1, 1)))
    for draw, wrong in ((plot.gradient_norms, trace), (plot.gradient_norms, [trace]),
                        (plot.jacobian_map, "abc"), (plot.jacobian_map, np.ones((2, 2, 2))),
                        (plot.loss_attribution, None)):  # fmt: skip
        with pytest.raises(ValueError, match="must be a"):
            draw(wrong)


def test_side_by_side_every_cell_has_the_same_rows_in_the_same_places():
    cells = ("rnn", "lstm", "gru", "minlstm")
    rows = shared_roles([rnnviz.CELLS[cell] for cell in cells])
    drawn = {cell: plot.by_role(flow_of(cell).trace, rows=rows, colorbar=False) for cell in cells}
    shown = {cell: [one.text for one in fig.layout.annotations] for cell, fig in drawn.items()}
    for words in shown.values():
        roles = ("memory state", "keep", "write", "read", "candidate", "hidden state")
        assert [word.split("</b>")[0].removeprefix("<b>") for word in words[:6]] == list(roles)
    assert [one.name for one in drawn["gru"].data] == ["h", "z", "1 − z", "r", "g"]
    assert [one.name for one in drawn["minlstm"].data] == ["h", "k", "1 − k", "g", "f", "i"]
    assert shown["rnn"][6:] == ["no gate"] * 3 + ["no candidate", "h is the memory state"]
    assert shown["gru"][2] == "<b>write</b>  1 − z: 1 replaces, 0 keeps"
    trace = flow_of("gru").trace
    np.testing.assert_allclose(drawn["gru"].data[2].z, 1 - trace["z"][:, 0].T, rtol=1e-6)
    assert drawn["rnn"].layout.height == drawn["lstm"].layout.height
    assert drawn["rnn"].layout.yaxis3.domain == drawn["lstm"].layout.yaxis3.domain


def test_a_cell_map_has_a_shape_a_node_and_no_wire_through_a_strange_node():
    for name, kind in rnnviz.CELLS.items():
        fig, nodes = plot.cell_map(name), {node.name: node for node in kind().graph}
        assert len(fig.layout.shapes) == len(nodes)
        wires = [(node.name, wire.source) for node in nodes.values() for wire in node.of]
        for line, ends in zip(fig.data, wires, strict=True):
            strange = {node.at for other, node in nodes.items() if other not in ends}
            assert not {(x, -y) for x, y in zip(line.x, line.y, strict=True)} & strange, name
    with pytest.raises(ValueError, match="`cell` must be one of"):
        plot.cell_map("lstn")


def test_a_layer_of_marks_says_nothing_of_what_it_does_not_mark(lstm):
    """Over its gaps Plotly would show «exactly 0» for every number of the map below."""
    for fig in (plot.jacobian_map(lstm.trace), plot.depth_map(lstm)):
        marks = [one.hoverongaps for one in fig.data if "exactly" in str(one.name)]
        assert marks
        assert not any(one is not False for one in marks)


def test_the_overview_has_the_shares_and_ends_at_the_followed_step():
    flows = {cell: flow_of(cell) for cell in ("rnn", "lstm")}
    lines = plot.gradient_overview(flows).data
    for line, flow in zip(lines, flows.values(), strict=False):
        found = rnnviz.reach(flow)
        np.testing.assert_array_equal(line.y, found.log10_norms)
        assert line.name.endswith(f"{share(found.log10_share)} left")
    assert lines[2].name == "γ = 1"
    assert len(plot.gradient_overview({}, theme="dark").data) == 0


def test_the_problem_graph_has_an_arrow_for_every_wire_that_carries_a_gradient():
    problem = rnnviz.PROBLEMS["many_to_one"]
    model = rnnviz.build("gru", 5, H, output_size=5, readout="softmax", seed=0)
    found = rnnviz.unroll(problem, [model], problem.sequence(6, seed=0))
    drawn = {one.name: one for one in plot.problem_graph(found).data}
    assert {name: len(one.x) for name, one in drawn.items() if name != "nodes"} == {
        "back": 5, "down": 1, "own": 1, "inputs": 6}  # fmt: skip
    np.testing.assert_array_equal(drawn["back"].marker.color, found.log10("back")[1:, 0])
