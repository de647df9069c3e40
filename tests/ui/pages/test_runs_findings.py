"""The sentences of the page of recorded runs, from numbers alone."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rnnviz
from rnnviz import plot
from rnnviz.figures.axes import colour_range
from rnnviz.figures.sketch_axes import ticks
from rnnviz.recorder.growth import growing
from rnnviz.recorder.verdict import judged
from rnnviz.ui.pages.runs import at_updates, findings, folder
from rnnviz.ui.pages.runs.findings_verdict import course as course_of
from rnnviz.ui.pages.runs.seen import see
from rnnviz.words import Refusal
from rnnviz.words.numbers import share
from tests.ui.recorded_example import seen


def test_the_example_is_small_and_says_why_its_rnn_does_not_learn():
    files = [one for one in folder.EXAMPLE.rglob("*") if one.is_file()]
    assert sum(one.stat().st_size for one in files) <= 150_000
    rnn, lstm = seen("adding-rnn"), seen("adding-lstm")
    words = findings.compared([lstm, rnn])
    assert words.startswith("**adding-rnn** ends with 275 times the loss of **adding-lstm**. The")
    assert f"is {share(np.median(rnn.share))} in **adding-rnn** and " in words
    assert not findings.compared([rnn, rnn])
    assert findings.at(rnn, 1919).startswith(
        f"**adding-rnn**, update 1824: of the gradient of the last loss "
        f"{findings.left(rnn.share[19])} reaches step 1. The gradient of W_h comes from steps ")
    grown = int(np.nanargmax(lstm.share))
    assert ("the gradient of the last loss at step 1 is "
            f"{share(lstm.share[grown])} times that at its own step."
            ) in findings.at(lstm, float(lstm.steps[grown]))  # fmt: skip


def test_the_weights_learn_from_the_steps_that_add_to_their_gradient():
    norms = np.full(30, -np.inf)
    norms[20:] = -4.0
    norms[19] = -6.0
    (words,) = findings.learnt_from(norms)
    assert words == ("The gradient of W_h comes from steps 21 to 30: all steps before, 1 to 20, "
                     "add 0.1 % of the sum of the steps' norms.")  # fmt: skip
    assert findings.learnt_from(np.full(30, -3.0)) == []
    assert findings.learnt_from(np.full(30, -np.inf)) == []


def test_a_verdict_says_no_more_than_its_numbers():
    rnn, lstm = seen("adding-rnn"), seen("adding-lstm")
    assert findings.verdict(rnn).startswith(
        "**adding-rnn does no better than guessing**: its loss, 2.20 at update 0, is 0.168 "
        "in the last 4 logs (median); the best constant answer costs 0.167. It has not fallen "
        "clearly since update 96. What goes with it:\n\n- **The gradient vanishes.** Of the "
        "gradient of the last loss **9.1·10⁻⁵** reaches step 1 in the median of the last 4 logs. "
        "Less than 1 % does at all 21 logs, from update 0 to 1920. Each step back multiplies it by "
        "0.788 in the geometric mean (median of the last logs). From 13 steps back on less than "
        "1 % is left (median of the last logs). Tried on ")
    assert findings.verdict(lstm).endswith(
        "The gradient of the last loss at step 1 is 1.30 times that at its own step (median of "
        "the last logs: 4).")
    numbers = rnn.numbers._replace(saturated=np.ones(21), loss=rnn.numbers.loss * np.nan,
                                   sigma1=np.full(21, 0.5))  # fmt: skip
    loud = rnn._replace(numbers=numbers, told=judged(numbers))
    said = findings.verdict(loud).split("\n")
    assert said[0].startswith("**adding-rnn**: no loss was recorded")
    assert said[2].startswith("- **The units are saturated.** 100 % of all values of h lie beyond")
    assert said[3].endswith("σ₁ of W_h is 0.500 (median of the last logs): no step back can keep "
                            "more than that.")
    assert findings.ranked([rnn, lstm]).endswith(
        ": **adding-lstm** 6.10·10⁻⁴ (1.30 times), **adding-rnn** 0.168 (9.1·10⁻⁵).")
    unknown = rnn._replace(numbers=rnn.numbers._replace(share=rnn.share * np.nan))
    assert findings.ranked([unknown, lstm]).endswith("(1.30 times), **adding-rnn** 0.168.")
    assert findings.ranked([unknown, unknown]) == (
        "Loss at the end, from low to high: **adding-rnn** 0.168, **adding-rnn** 0.168.")
    use = lstm.gates["f"]
    use = use._replace(high=np.where(np.arange(12) < 3, 1.0, 0.5) * np.ones_like(use.high))
    assert findings.saturated("f", use, 4).startswith("Gate f: of 12 units 3 are above 0.9 and 0 ")


def after(one, **columns):
    """The verdict's list on a run with other numbers: of all 21 logs the same, or a list."""
    numbers = one.numbers._replace(**{
        name: values if name == "logs" else np.broadcast_to(np.float64(values), 21)
        for name, values in columns.items()})  # fmt: skip
    return findings.verdict(one._replace(numbers=numbers, told=judged(numbers))).split("\n")[2:]


def test_causes_name_their_updates_and_advice_was_tried_on_the_same_cell():
    rnn = seen("adding-rnn")
    loss = rnn.numbers.loss
    lstm = rnn._replace(net=seen("adding-lstm").net)
    ruined = after(rnn, share=[7.57] + [-np.inf] * 20, update=[1844.0, 0.01] + [0.0] * 19,
                   factor=np.nan, norm=[7.3e7] + [1e-4] * 20)  # fmt: skip
    assert ruined[0].startswith(
        "- **The gradient explodes.** At update 0 the gradient of the last loss at step 1 is "
        "3.7·10⁷ times that at its own step. The norm of the weights' gradients is 7.30·10⁷ at "
        "update 0. Tried ")
    assert ruined[1:] == [
        "- **An update is too large.** Update 0 moved the weights by 1844 times their norm. The "
        "other logged ones moved them by 1 % of it at most.",
        "- **The gradient vanishes.** Of the gradient of the last loss **0** reaches step 1 in "
        "the median of the last 4 logs. Less than 1 % does at 20 of 21 logs, from update "
        "96 to 1920."]  # fmt: skip
    assert "Tried" not in after(rnn, update=2.0)[0]
    assert after(lstm, update=2.0)[0].endswith("Adam at a learning rate of 3 does at 0.005.")
    (still, _) = after(lstm, moved=0.0, update=0.0)
    assert still == ("- **The weights have not changed at all**: at each of 21 logs read they are "
                     "exactly as at the log before. Are they among the optimiser's parameters?")
    assert "in the mean of 21 logs read, that all 900 logs together make at most about 0.9 % " in (
        after(lstm, moved=1e-5, update=0.0, logs=900)[0])
    assert after(lstm, moved=1e-6, update=0.0)[0].endswith("rate of 10⁻⁸ learns at 0.005.")
    assert after(rnn, loss=np.where(np.arange(21) < 2, loss, np.inf), norm=np.nan)[0] == (
        "- By update 192 the loss is not finite; it was at update 96, the last log before that "
        "has it.")
    some = np.where(np.arange(21) < 2, np.nan, np.where(np.arange(21) < 4, np.inf, loss))
    assert after(rnn, loss=some, norm=np.nan)[0] == (
        "- At update 192, the first log that has a loss, it is not finite.")
    assert " From 1 step back on less than 1 % is left " in after(rnn, horizon=1.0)[0]
    assert "Tried" not in after(rnn, silent=1.0)[0], "its h = tanh(·), tried was ReLU"
    two = after(rnn, update=[0.5] * 2 + [np.nan] * 19)[0]
    assert two == ("- **The updates are too large.** Relative to the norm of the weights one "
                   "update is 50 % in the median and 50 % at most, at update 0.")  # fmt: skip


def test_how_often_gradients_were_clipped_is_said_where_it_is_known(tmp_path):
    net = rnnviz.build("rnn", 1, 2, seed=0)
    with rnnviz.Watch(tmp_path) as watch:
        for step, norm in enumerate((0.5, 3.0, 70.0)):
            watch.log(step, net, np.ones((3, 1, 1)), np.ones((3, 1, 2)), clipped=(norm, 1.0))
        watch.log(4, net, np.ones((3, 1, 1)), np.ones((3, 1, 2)))
        with pytest.raises(ValueError, match="`clipped` must be a norm and the most it may be"):
            watch.log(5, net, np.ones((3, 1, 1)), np.ones((3, 1, 2)), clipped=1.0)
    one = see(rnnviz.RecordedRun(tmp_path), "a", "0", "")
    assert course_of(one).endswith("Its gradients were clipped at 2 of 3 logs, to a norm of 1.00; "
                                   "before clipping the norm was 3.00 in the median and 70.0 at "
                                   "most.")  # fmt: skip
    loose = one._replace(numbers=one.numbers._replace(clip_at=np.full(4, 100.0)))
    assert course_of(loose).endswith("Its gradients were clipped at none of 3 logs: their norm was "
                                     "70.0 at most, the limit 100.")  # fmt: skip
    foreign = one.numbers._replace(clip_at=np.array([-np.inf, 1.0, 1.0, -7.0]),
                                   clip_norm=np.array([5.0, 1e308, 1.2e308, 5.0]))  # fmt: skip
    assert course_of(one._replace(numbers=foreign)).endswith(
        "clipped at 2 of 2 logs, to a norm of 1.00; before clipping the norm was 1.10·10³⁰⁸ in the "
        "median and 1.20·10³⁰⁸ at most.")
    last = one.numbers._replace(clip_norm=np.array([np.nan] * 3 + [7.0]), clip_at=np.full(4, 1.0),
                                loss=np.array([np.nan] * 3 + [0.5]))  # fmt: skip
    said = course_of(one._replace(numbers=last, told=judged(last), growing=False))
    assert said == (
        "**a**: there is one loss alone, 0.500 at update 4, too few to judge. Its gradients were "
        "clipped at the only log that tells: their norm was 7.00, the limit 1.00.")


def test_a_loss_that_was_never_finite_or_not_at_first_is_told_with_a_number_it_has():
    rnn, late = seen("adding-rnn"), np.array([np.inf] * 2 + [1.5] * 10 + [np.inf] * 9)

    def course(loss):
        numbers = rnn.numbers._replace(loss=loss)
        return course_of(rnn._replace(numbers=numbers, told=judged(numbers)))

    assert course(late) == (
        "**adding-rnn has failed**: its loss, 1.50 at update 192, is no longer finite.")
    never = np.array([np.nan] + [np.inf] * 20)
    assert course(never) == ("**adding-rnn has failed**: none of its losses is finite; the first "
                             "is that of update 96.")  # fmt: skip


def test_what_is_empty_is_explained_and_a_growing_run_is_said_to_grow():
    rnn = seen("adding-rnn")
    empty = rnn._replace(norms=rnn.norms * np.nan, weights=rnn.weights * np.nan,
                         numbers=rnn.numbers._replace(share=rnn.share * np.nan))  # fmt: skip
    assert findings.at(empty, 96) == (
        "**adding-rnn**, update 96: a weight or the gradient is not finite at this log, so that "
        "map and curve show no values there.")
    assert at_updates._start([rnn._replace(norms=np.full_like(rnn.norms, -np.inf))], 96, 41) == 0
    (words,) = findings.learnt_from(np.array([-20.0] * 19 + [-1.0]))
    assert words.startswith("The gradient of W_h comes from step 20: all steps before, 1 to 19, ")
    assert "growing" not in findings.verdict(rnn)
    assert "It is still growing; its newest log is that of update 1920." in findings.verdict(
        rnn._replace(growing=True))
    last = rnn.run.read([rnn.run.count - 1], ["time"])["time"][0]
    assert [growing(rnn.run, last + late) for late in (-300, 20, 300)] == [False, True, False]


@pytest.mark.parametrize(("columns", "why"), [
    ({"step": [1e19]}, r"its updates must be numbers between −2⁶³ and 2⁶³\."),
    ({"0/log10_dh": [None]}, "it must have norms of gradients in 0/log10_dh, a list of a number a"),
    ({"0/log10_dh": [[1e30] * 4]}, r"log10 of its norms and shares must be at most "
                                   r"1\.00·10⁷ in size, got 1\.00·10³⁰\."),
    ({"loss": ["<b>1</b>"]}, r"rows-000000000-000000000\.parquet is damaged\."),
    ({"0/log10_dh": [[400.0] * 4], "step": [2**62]}, ""),
])  # fmt: skip
def test_a_run_with_what_no_picture_can_show_is_refused_in_a_sentence(tmp_path, columns, why):
    with rnnviz.Watch(tmp_path) as watch:
        watch.log(1, rnnviz.build("rnn", 1, 2, seed=0), np.ones((3, 1, 1)), np.ones((3, 1, 2)))
    (path,) = tmp_path.glob("rows-*")
    table = pq.read_table(path)
    kept = table.drop_columns([one for one in columns if one in table.column_names])
    for name, values in columns.items():
        kept = kept.append_column(name, [pa.array(values)])
    pq.write_table(kept, path)
    run = rnnviz.RecordedRun(tmp_path)
    if why:
        with pytest.raises(Refusal, match=why):
            see(run, "a", "0", "")
        return
    one = see(run, "a", "0", "")
    assert [*at_updates.pictures([one], at_updates.updates([one]), "")] == [2**62]
    ends = colour_range([one.norms])
    bar = plot.recorded_gradients(run, scale=ends).data[0].colorbar
    assert bar.ticktext[2].strip() == "1·10⁴⁰⁰"
    drawn = plot.recorded_lines({"a": run})
    assert len(ticks(drawn.layout.xaxis.to_plotly_json(), "x")) == 1
