/* The arithmetic of a node, below the drawing: its numbers put in, following time. */

import { make } from "../_dom.js";
import { affineSum } from "./diagram_affine.js";
import { split } from "./diagram_backward.js";
import { initialState } from "./diagram_initial.js";
import { ledger, plain } from "./diagram_numbers.js";
import { answer, chooseOutput, cost, costGradient, outputGradient } from "./diagram_output.js";
import { setHtmlSymbol, symbolIn } from "./diagram_symbols.js";

export function arithmetic(figure, cell, state) {
  const box = make("section", "rv-sums", figure);
  box.hidden = true;
  const { view } = state;
  let paint = () => {};
  return {
    show(name) {
      box.replaceChildren();
      box.hidden = !name;
      paint = () => {};
      if (!name) return;
      const node = cell.nodes.find((one) => one.name === name) ?? { name, op: "loss", symbol: "L_t", title: cell.loss.name };
      heading(box, node, view, () => state.maps[0].open(name));
      paint = opened(box, node, cell, state);
      paint(state.t);
    },
    paint: (t) => paint(t),
  };
}

/* What is written below the heading of a node; returns what follows time. */
function opened(box, node, cell, state) {
  const { view } = state;
  if (node.op === "loss") return (view.back ? costGradient : cost)(box, cell, view);
  if (node.name === "y") {
    chooseOutput(box, cell, state);
    if (view.back) return outputGradient(box, cell, view);
    const painters = [affineSum(box, node, cell, state), answer(box, cell, view)];
    return (t) => painters.forEach((one) => one(t));
  }
  if (view.back) return split(box, node, cell, view);
  if (node.op === "past" && cell.initial) return initialState(box, node, cell, state);
  return node.op === "affine" ? affineSum(box, node, cell, state) : worked(box, node, cell, view);
}

function heading(box, node, view, close) {
  const line = make("div", "rv-sums-head", box);
  const name = make("b", "", line);
  setHtmlSymbol(name, node.symbol);
  name.style.color = node.color;
  make("span", "", line).textContent = node.title;
  if (node.meaning) make("span", "rv-quiet", line).textContent = node.means;
  const button = make("button", "rv-close", line);
  button.type = "button";
  button.textContent = view.words.close;
  button.addEventListener("click", close);
  box.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
}

/* One line for a product, a sum, 1 − z, or a function. */
function worked(box, node, cell, view) {
  const line = make("p", "rv-worked", box);
  const operands = cell.wires.filter(({ to }) => to === node.name);
  return (t) => {
    const values = operands.map(({ brings }) => view.at(brings, t));
    const result = node.value === undefined ? "" : plain(view.at(node.value, t), 4);
    const numbers = values.map((v) => plain(v, 4));
    let text = result;
    if (node.op === "plus") {
      const sum = ledger(values);
      text = `${sum.terms.join(" + ").replaceAll("+ −", "− ")} = ${sum.total}`;
    } else if (node.op === "times") text = `${numbers.join(" · ").replace(/· −(\S+)/, "· (−$1)")} = ${result}`;
    else if (node.op === "rest") text = `1 − ${numbers[0]} = ${result}`;
    else if (node.op === "share") text = `${numbers[0]} / (${numbers[0]} + ${numbers[1]}) = ${result}`;
    else if (node.op === "phi") text = `${node.phi}(${numbers[0]}) = ${result}`;
    line.replaceChildren();
    const named = operands.map(({ from }) => symbolIn(cell, from));
    const sign = { plus: " + ", times: " ⊙ " }[node.op];
    setHtmlSymbol(line, sign ? `${named.map((one) => (one.includes(" ") && sign !== " + " ? `(${one})` : one)).join(sign)} = ${text}` : text);
  };
}
