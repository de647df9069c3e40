/* The terms of a weighted sum, and their weights as they are set by hand. */

import { make } from "../_dom.js";
import { setHtmlSymbol, write } from "./diagram_symbols.js";

/* Every x_k · w, h_k · w and bias of the sum, with the weight as it stands now. */
export function everyTerm({ terms, added: plainly }, view) {
  const found = plainly.map(({ source, row }) => ({ name: source, past: (t) => view.at(row, t), weight: () => 1, fixed: true }));
  for (const one of terms) {
    one.weights.forEach((w, k) => {
      const term = {
        parameter: one.parameter, place: one.places[k], edited: Boolean(one.edited[k]), start: w,
        name: one.source && (one.weights.length > 1 || one.rows.length > 1 ? `${one.source}[${k}]` : one.source),
        label: one.source ? `${one.weight}[${k + one.first}]` : one.weight,
        group: one, number: k + one.first,
        past: one.source ? (t) => view.at(one.rows[k], t) : () => 1,
        now: w, weight: () => term.now,
      };
      found.push(term);
    });
  }
  return found;
}

export const squashed = (phi, a) => ({ σ: 1 / (1 + Math.exp(-a)), tanh: Math.tanh(a), relu: Math.max(a, 0) })[phi] ?? a;
export const brief = (w) => String(Number(w.toPrecision(4)));
export const reachOf = (term) => Math.max(4, Math.ceil(Math.abs(term.start) * 2));

/* Tell Python, where the weight is another than it was; and that it is to be as it was drawn. */
export function sendEdit({ view, send }, { parameter, place, now, start }) {
  if (brief(now) === brief(start)) return false;
  send("edit", { cell: view.cells[0].name, parameter, place, value: Number(brief(now)) });
  return true;
}

export function sendBack({ view, send }, { parameter, place }) {
  send("edit", { cell: view.cells[0].name, parameter, place, value: null });
}

export function termRow(body, name) {
  const row = make("tr", name, body);
  const [label, middle_, product] = [0, 1, 2].map(() => make("td", "", row));
  return {
    row,
    fill(words, number) {
      if (label.dataset.words !== words) {
        label.dataset.words = words;
        label.replaceChildren();
        setHtmlSymbol(label, words);
      }
      write(product, number);
    },
    after: (words) => write(middle_, words),
  };
}
