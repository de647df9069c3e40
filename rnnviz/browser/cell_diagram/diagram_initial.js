/* The state that a step starts from. At t = 1 it is the initial state, which can be set by hand. */

import { make } from "../_dom.js";
import { editable } from "./diagram_affine.js";
import { plain } from "./diagram_numbers.js";
import { setHtmlSymbol } from "./diagram_symbols.js";
import { everyTerm } from "./diagram_terms.js";

export function initialState(box, node, cell, state) {
  const { view } = state;
  const line = make("p", "rv-worked", box);
  const table = make("table", "rv-terms", box);
  const [term] = everyTerm(cell.initial[node.name], state);
  const row = editable(make("tbody", "", table), state, () => {}, view.words.startOf);
  return (t) => {
    line.replaceChildren();
    setHtmlSymbol(line, `${node.symbol} = ${plain(view.at(node.value, t), 4)}`);
    row.fill(term, t, "");
  };
}
