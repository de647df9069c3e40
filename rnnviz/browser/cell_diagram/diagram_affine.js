/* A weighted sum term by term. A weight can be changed there: while it moves the sum is worked out
 * here, and when it is let go Python is told and builds the model again. */

import { make } from "../_dom.js";
import { ledger, plain } from "./diagram_numbers.js";
import { setHtmlSymbol, write } from "./diagram_symbols.js";
import { brief, everyTerm, reachOf, sendEdit, squashed, termRow } from "./diagram_terms.js";

const MOST_TERMS = 8;

export function affineSum(box, node, cell, state) {
  const { view } = state;
  const terms = everyTerm(cell.sums[node.name], state);
  const table = make("table", "rv-terms", box);
  const head = make("tr", "", make("thead", "", table));
  for (const word of ["term", "weight", "product"]) make("th", "", head).textContent = view.words[word];
  const body = make("tbody", "", table);
  const rest = termRow(make("tbody", "", table), "rv-rest");
  const total = termRow(make("tbody", "", table), "rv-total");
  const rows = [];
  const more = terms.length > MOST_TERMS + 1 ? make("button", "rv-more", box) : null;
  let all = false;
  let order = null;
  if (more) {
    more.type = "button";
    more.addEventListener("click", () => {
      all = !all;
      lay();
      paint(state.t);
    });
  }

  function lay() {
    const count = all || !more ? terms.length : MOST_TERMS;
    body.replaceChildren();
    rows.length = 0;
    for (let k = 0; k < count; k += 1) rows.push(editable(body, state, () => paint(state.t)));
    if (more) more.textContent = (all ? view.words.fewer : view.words.all).replace("{n}", terms.length);
    order = null;
  }

  function paint(t) {
    const products = terms.map((term) => term.past(t) * term.weight());
    const busy = body.contains(document.activeElement);
    if (!order || !busy) order = products.map((p, k) => k).sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]));
    const shown = order.slice(0, rows.length);
    const others = order.slice(rows.length);
    const left = others.reduce((sum, k) => sum + products[k], 0);
    const sum = ledger([...shown.map((k) => products[k]), ...(others.length ? [left] : [])]);
    rows.forEach((row, k) => row.fill(terms[shown[k]], t, sum.terms[k]));
    rest.row.hidden = !others.length;
    if (others.length) rest.fill(view.words.others.replace("{n}", others.length), sum.terms.at(-1));
    const exact = products.reduce((a, b) => a + b, 0);
    total.fill(view.words.sum, sum.total);
    total.after(node.phi ? `${node.phi}(${sum.total}) = ${plain(squashed(node.phi, exact), 4)}` : "");
  }

  lay();
  return paint;
}

/* A row with a term, its weight as a number and as a slider, and the product. */
export function editable(body, state, changed, named = "") {
  const { words } = state.view;
  const row = make("tr", "", body);
  const [name, weight, product] = [0, 1, 2].map(() => make("td", "", row));
  const label = make("label", "", weight);
  const symbol = make("span", "", label);
  const typed = make("input", "", label);
  const slide = make("input", "", weight);
  const mark = make("span", "rv-mark", weight);
  Object.assign(typed, { type: "number", step: "any" });
  Object.assign(slide, { type: "range", step: "any" });
  let term = null;
  const shownTerm = { key: null, past: null };

  function take(value, done) {
    const number = Number(value);
    if (!term || value === "" || !Number.isFinite(number) || Math.abs(number) > 1000) return;
    term.now = number;
    if (document.activeElement !== typed) typed.value = brief(number);
    if (document.activeElement !== slide) slide.value = number;
    changed();
    if (done && sendEdit(state, term)) {
      state.refocus = { key: `${term.parameter}:${term.place}`, typed: document.activeElement === typed };
    }
  }
  for (const input of [typed, slide]) {
    input.addEventListener("input", () => take(input.value, false));
    input.addEventListener("change", () => take(input.value, true));
  }

  return {
    fill(next, t, number) {
      const fresh = next !== term;
      term = next;
      const past = named || (term.name ? `${term.name} = ${plain(term.past(t))}` : words.bias);
      if (shownTerm.past !== past) {
        name.replaceChildren();
        setHtmlSymbol(name, past);
        shownTerm.past = past;
      }
      write(product, number);
      if (!fresh) return;
      weight.hidden = !term.label;
      for (const one of [typed, slide, mark]) one.hidden = Boolean(term.fixed);
      if (term.fixed) {
        symbol.replaceChildren();
        if (term.label) setHtmlSymbol(symbol, `${term.label} = ${brief(term.start)}`);
        return;
      }
      symbol.replaceChildren();
      setHtmlSymbol(symbol, term.label);
      const reach = reachOf(term);
      Object.assign(slide, { min: -reach, max: reach });
      slide.value = term.now;
      typed.value = brief(term.now);
      slide.setAttribute("aria-label", words.edit.replace("{weight}", term.label));
      write(mark, term.edited ? words.edited : "");
      const key = `${term.parameter}:${term.place}`;
      if (state.refocus?.key === key) {
        (state.refocus.typed ? typed : slide).focus({ preventScroll: true });
        state.refocus = null;
      }
    },
  };
}
