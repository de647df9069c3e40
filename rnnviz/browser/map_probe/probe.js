/* Ask a map of norms for one cell: click it, or type the two timesteps.
 *
 * data: one packet (see `opened`) with log10 values (row 0 is timestep `first`, column k is timestep
 * k; nan: nothing there).
 * Listens to the charts whose first trace has for its meta the header's `map`.
 */

import { make } from "../_dom.js";
import { mounted, opened, powerOfTen } from "../_shared.js";

export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-probe", parent);
  const form = make("div", "rv-probe-form", root);
  const from = field(form);
  const to = field(form);
  const answer = make("p", "rv-probe-answer", root);
  answer.setAttribute("aria-live", "polite");
  const bound = new WeakSet();
  let view = null;
  let chosen = null;
  let ask = null;

  const watch = new MutationObserver(bind);
  watch.observe(document.body, { childList: true, subtree: true });
  for (const one of [from, to]) {
    one.input.addEventListener("input", () => {
      chosen = [from.input.valueAsNumber, to.input.valueAsNumber];
      say();
    });
  }

  function bind() {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      if (!view || bound.has(chart) || !chart.on || chart.data?.[0]?.meta !== view.map) continue;
      bound.add(chart);
      chart.on("plotly_click", ({ points: [point] }) => {
        chosen = [point.y, point.x];
        if (view.asked) ask("ask", chosen);
        say();
      });
    }
  }

  function say() {
    let [t, k] = chosen ?? [view.last, 1];
    t = Math.min(Math.max(Math.round(t) || view.first, view.first), view.last);
    k = Math.min(Math.max(Math.round(k) || 0, 0), view.length - 1);
    from.input.value = t;
    to.input.value = k;
    answer.dataset.t = t;
    answer.dataset.k = k;
    answer.replaceChildren(...describe(view, t, k));
  }

  return {
    update(data, trigger) {
      view = unpack(data);
      ask = trigger;
      form.hidden = Boolean(view.asked);
      if (view.asked) chosen = view.asked;
      from.label.textContent = view.words.from;
      to.label.textContent = view.words.to;
      Object.assign(from.input, { min: view.first, max: view.last });
      Object.assign(to.input, { min: 0, max: view.length - 1 });
      bind();
      say();
    },
    unmount() {
      watch.disconnect();
      root.remove();
    },
  };
}

function unpack(bytes) {
  const [head, values] = opened(bytes);
  const last = head.first + values.length / head.length - 1;
  return { ...head, last, at: (t, k) => values[(t - head.first) * head.length + k] };
}

/* The value, what it is a product of, and the one step that took the most of it. */
function describe(view, t, k) {
  const value = view.at(t, k);
  const fill = (text) =>
    lowered(text.replaceAll("{t}", t).replaceAll("{k}", k).replaceAll("{k1}", k + 1).replaceAll("{value}", power(value)));
  const said = Number.isNaN(value) ? view.words.nothing : view.words.value;
  const parts = [Object.assign(make("b"), { textContent: fill(said) })];
  if (!Number.isNaN(value) && view.words.product && t > k) parts.push(" ", fill(view.words.product));
  const worst = view.words.worst && t > k + 1 ? largestLoss(view, t, k) : null;
  if (worst) {
    const words = worst.change < 0 ? view.words.worst : view.words.least || view.words.worst;
    const text = fill(words).replaceAll("{j}", worst.step);
    parts.push(" ", text.replaceAll("{loss}", power(worst.change)));
  }
  return parts;
}

/* Steps as subscripts: s_50 and s_(j−1) as s₅₀ and sⱼ₋₁. */
function lowered(text) {
  return text.replace(/([A-Za-z])_\(?([\djkt−]+)\)?/g, (_, symbol, index) =>
    symbol + [...index].map((one) => "₀₁₂₃₄₅₆₇₈₉₋ⱼₖₜ"["0123456789−jkt".indexOf(one)]).join(""));
}

function largestLoss(view, t, k) {
  let worst = null;
  for (let j = k + 1; j <= t; j += 1) {
    const change =
      view.along === "row" ? view.at(t, j - 1) - view.at(t, j) : view.at(j, k) - view.at(j - 1, k);
    if (!Number.isNaN(change) && (!worst || change < worst.change)) worst = { step: j, change };
  }
  return worst;
}

function power(v) {
  if (v === -Infinity) return "0";
  if (!Number.isFinite(v)) return "∞";
  return powerOfTen(v, 3);
}

function field(parent) {
  const label = make("label", "", parent);
  const text = make("span", "", label);
  const input = make("input", "", label);
  input.type = "number";
  input.step = 1;
  return { label: text, input };
}
