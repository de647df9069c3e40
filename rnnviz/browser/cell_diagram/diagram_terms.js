/* The terms of a weighted sum, and their weights as they are set by hand. */

import { make } from "../_dom.js";
import { setHtmlSymbol, write } from "./diagram_symbols.js";

/* Every x_k · w, h_k · w and bias of the sum, with the weight as it stands now. */
export function everyTerm({ terms, added: plainly, fixed }, state) {
  const { view } = state;
  const found = plainly.map(({ source, row }) => ({ name: source, past: (t) => view.at(row, t), weight: () => 1, fixed: true }));
  for (const one of terms) {
    one.weights.forEach((w, k) => {
      const term = {
        parameter: one.parameter, place: one.places[k], edited: Boolean(one.edited[k]), start: w,
        name: one.source && (one.weights.length > 1 || one.rows.length > 1 ? `${one.source}[${k}]` : one.source),
        label: one.source ? `${one.weight}[${k + one.first}]` : one.weight,
        fixed, group: one, number: k + one.first,
        past: one.source ? (t) => view.at(one.rows[k], t) : () => 1,
        weight: () => term.now,
      };
      term.now = awaited(state, term) ?? w;
      found.push(term);
    });
  }
  return found;
}

export const squashed = (phi, a) => ({ σ: 1 / (1 + Math.exp(-a)), tanh: Math.tanh(a), relu: Math.max(a, 0) })[phi] ?? a;
export const brief = (w) => String(Number(w.toPrecision(4)));
export const reachOf = (term) => Math.max(4, Math.ceil(Math.abs(term.start) * 2));

/* Send an edit to Python if the weight has changed; send its removal. */
export function sendEdit(state, term) {
  const last = state.told.has(keyOf(state, term)) ? state.told.get(keyOf(state, term)).value : term.start;
  if (last !== null && brief(term.now) === brief(last)) return false;
  tell(state, term, Number(brief(term.now)));
  return true;
}

export const sendBack = (state, term) => tell(state, term, null);

/* Whether there is anything to take back. */
export const changed = (state, term) => term.edited || term.now !== term.start || state.told.has(keyOf(state, term));

const keyOf = ({ view }, { parameter, place }) => `${view.cells[0].name}.${parameter}:${place}`;

function tell(state, term, value) {
  const at = Date.now();
  state.told.set(keyOf(state, term), { value, at });
  state.send("edit", { cell: state.view.cells[0].name, parameter: term.parameter, place: term.place, value, at });
}

/* The value that was sent to Python and is not in its data yet: data that answers an earlier edit
 * must not undo it. `view.heard` is the time at which the last edit in the data was sent. */
function awaited(state, term) {
  const told = state.told.get(keyOf(state, term));
  if (told && told.at > state.view.heard) return told.value;
  state.told.delete(keyOf(state, term));
  return null;
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
