"""The initialisation page: its pictures are the core's numbers, its sentences are made of them."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.experiments.initialisation_runs import BIASES, SCHEMES, measure, quantiles, swept
from rnnviz.experiments.initialisation_theory import predicted
from rnnviz.experiments.settings import Settings
from rnnviz.figures import bands
from rnnviz.figures.palette import THEMES
from rnnviz.ui.pages.initialisation import findings, schemes
from rnnviz.words.numbers import number, share
from tests.figures.test_palette import BACKGROUND, contrast
from tests.ui.apps import alts, charts, in_words, live, open_app, settings_of, shown, traces
from tests.ui.gradient_pages import SMALL

PAGE = "pages/Initialisation.py"


def of(cell, **query):
    app = shown(PAGE, **SMALL, cells=cell, **query)
    assert not app.exception, [one.message for one in app.exception]
    return app, settings_of(app)


def test_the_sidebars_scheme_is_told_from_its_namesake():
    said = findings.about_sidebar(Settings(), "lstm")
    assert said.startswith("“sidebar” has the sidebar's scheme, PyTorch's default, U(±1/√H), but "
                           "with b_f = 3 set there; ")  # fmt: skip
    assert "initialisation “PyTorch's default, U(±1/√H)”, gain 1" in str(Settings().in_words())
    assert not findings.about_sidebar(Settings(), "rnn")
    assert not findings.about_sidebar(Settings(init="chrono"), "lstm")


def finite(values):
    return np.where(np.isfinite(values), values, np.nan)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "minlstm", "lstm_1997"])
def test_lines_and_readout_are_the_medians_of_the_core(cell):
    app, asked = of(cell, laws="pytorch,orthogonal,yours")
    drawn = traces(charts(app)["laws_norms"])
    (now,) = (one for key, one in live(app).items() if key == "laws_now")
    label = next(name for name in drawn if name.startswith("PyTorch") and "10 %" not in name)
    wanted = quantiles(measure(asked, cell, SCHEMES["pytorch"]).state)
    np.testing.assert_array_equal(np.asarray(drawn[label]["y"], float), finite(wanted[1]))
    np.testing.assert_array_equal(now.values[:3], wanted[:, 1:])


def test_the_closed_form_stands_beside_the_measurement():
    app, asked = of("gru", laws="pytorch,glorot,chrono")
    drawn = traces(charts(app)["laws_factors"])
    laws = [SCHEMES[name] for name in ("pytorch", "glorot", "chrono")]
    closed = [predicted(asked, "gru", law).factor for law in laws]
    np.testing.assert_allclose(np.asarray(drawn["closed form"]["x"], float), closed)
    middle = [quantiles(measure(asked, "gru", law).factors())[1] for law in laws]
    np.testing.assert_allclose(np.asarray(drawn["measured, median"]["x"], float), middle)
    said = alts(app)["laws_factors"]
    for one in (*closed, *middle):
        assert number(float(one)) in said


@pytest.mark.parametrize(("cell", "key", "now"), [("lstm", "bf", 1.5), ("gru", "bz", -1.0)])
def test_the_sweep_runs_from_minus_2_to_6(cell, key, now):
    app, asked = of(cell, laws="pytorch", **{key: now})
    figure = charts(app)["laws_sweep"]
    drawn = traces(figure)
    x = np.asarray(drawn["σ(b)"]["x"], float)
    assert x.tolist() == list(BIASES) == list(range(-2, 7))
    np.testing.assert_allclose(np.asarray(drawn["σ(b)"]["y"], float), 1 / (1 + np.exp(-x)))
    wanted = [quantiles(measure(asked, cell, swept(asked, bias)).factors())[1] for bias in BIASES]
    np.testing.assert_allclose(np.asarray(drawn["measured, median"]["y"], float), wanted)
    words = f"= {now:g}".replace("-", "−")
    assert any(words in note["text"] for note in figure["layout"]["annotations"])


def test_a_cell_without_such_a_bias_says_so():
    app, _ = of("rnn")
    assert "laws_sweep" not in charts(app)
    assert "The RNN has no gate that keeps its state" in in_words(app)


def test_laws_that_drew_the_same_share_a_line():
    app, _ = of("rnn", laws="keras,orthogonal,glorot,chrono")
    lines = [one for one in traces(charts(app)["laws_norms"]) if "10 %" not in one]
    assert lines == ["Keras = orthogonal", "Glorot = chrono"]


def test_the_table_has_the_extreme_seeds():
    app, asked = of("lstm", laws="pytorch,chrono")
    (table,) = (one.value for one in app.main.table if "median" in one.value.columns)
    for name, label in (("pytorch", "PyTorch"), ("chrono", "chrono")):
        ratios = measure(asked, "lstm", SCHEMES[name]).ratios()
        row = table.loc[label]
        assert [row["median"], row["least"], row["most"]] == [
            share(float(quantiles(ratios)[1])), share(ratios.min()), share(ratios.max())
        ]  # fmt: skip
        assert row["below / above float64"].replace("\xa0", " ") == "0 % / 0 %"


def test_what_leaves_the_range_of_floats_is_counted():
    app = shown(PAGE, task="impulse", T=400, H=3, cells="rnn", scale=0.05, laws="pytorch,glorot")
    (table,) = (one.value for one in app.main.table if "median" in one.value.columns)
    assert set(table["below / above float64"]) == {"100\xa0% / 0\xa0%"}


def test_the_finding_names_best_and_worst_and_the_least_bias_that_is_enough():
    app, asked = of("lstm")
    said = in_words(app)
    ratios = {name: float(quantiles(measure(asked, "lstm", law).ratios())[1])
              for name, law in SCHEMES.items() if name != "glorot"}  # fmt: skip
    best, worst = (choose(ratios, key=lambda name: abs(ratios[name])) for choose in (min, max))
    assert f"with “{schemes.name_of('lstm', best)}" in said
    assert share(ratios[best]) in said
    assert share(ratios[worst]) in said
    bias, most, before, less = re.search(
        r", (\S+) is the smallest .*: the share is (\S+(?: %)?), and (\S+(?: %)?) with a bias of "
        r"(\S+)\.", said,
    ).groups()
    for b, printed in ((bias, most), (less, before)):
        runs = measure(asked, "lstm", swept(asked, float(b.replace("−", "-"))))
        assert printed == share(float(quantiles(runs.ratios())[1]))


def test_with_a_loss_on_every_step_the_last_is_followed_alone_and_edits_are_left_out():
    app = shown(PAGE, **SMALL, cells="lstm", loss="every", edit="lstm.W_h.1.1:2")
    said = in_words(app)
    assert "gradients add up" not in said
    assert re.search("is the smallest with which|With no bias|With every bias", said)
    assert "edited" not in said


def test_laws_stand_in_the_address_and_nonsense_is_said():
    app = open_app(PAGE, **SMALL, laws="chrono,pytorch")
    assert app.session_state["laws"] == ["chrono", "pytorch"]
    app = open_app(PAGE, **SMALL, laws="xavier")
    assert any("laws" in one.value for one in app.info)
    assert not app.exception


def test_no_law_at_all_shows_the_default():
    app = open_app(PAGE, **SMALL)
    (pills,) = (one for one in app.multiselect if one.key == "laws")
    pills.set_value([]).run()
    assert not app.exception
    assert "laws_norms" in charts(app)


def test_every_law_has_a_name_and_a_colour_that_can_be_read():
    assert set(schemes.TITLES) == set(bands.STYLES) == set(SCHEMES)
    for name in SCHEMES:
        for theme in THEMES:
            color, _ = bands.scheme_style(name, theme)
            assert contrast(color, BACKGROUND[theme]) >= 4.5, name
    assert len({dash for *_, dash in bands.STYLES.values()}) >= len(SCHEMES) - 1
    assert bands.scheme_css("keras").startswith("light-dark(#")


def test_bands_take_zeros_infinities_and_one_axis():
    zero, inf = np.full(4, -np.inf), np.array([0, 1, 2, np.inf])
    band = bands.Band("x", zero, np.array([-1.0, -2, -3, 0]), inf, "#333333")
    fig = bands.norm_bands([band], axis="y", span=(-9.0, 3.0))
    assert tuple(fig.layout.yaxis.range) == (-9, 3)
    shade = np.asarray(fig.data[0].y, float)
    assert shade.min() == -9
    assert shade.max() == 3
    assert bands.norm_bands([], axis="y").layout.height > 0


def test_same_seed_same_numbers():
    one, asked = of("lstm", laws="pytorch")
    again = open_app(PAGE, **SMALL, cells="lstm", laws="pytorch")
    np.testing.assert_equal(charts(one), charts(again))
    assert settings_of(again) == replace(asked)
