/* A cell's nodes: sums as boxes, products as valves, what comes in and goes out as arrows. */

import { shape } from "../_dom.js";
import { plain, power, short } from "./diagram_numbers.js";
import { FROM_OUTSIDE } from "./diagram_places.js";
import { setSymbol, write } from "./diagram_symbols.js";

export function drawNode(svg, node, view, cell, size, painters) {
  const { x, y, w, h, op } = node;
  const element = shape("g", { class: "rv-node", tabindex: -1, role: "button", "data-op": op }, svg);
  element.style.setProperty("--rv-own", node.color ?? "currentColor");
  const read = (t) => {
    if (op === "loss") return view.back ? view.power(cell.loss.rows, t) : { value: view.at(cell.loss.cost, t) };
    return view.back ? view.power(node.back, t) : { value: view.at(node.value, t) };
  };
  const ends = [...FROM_OUTSIDE, "out", "loss"];
  const known = ["affine", "times", "plus", "rest", "share", "phi", ...ends];
  const boxed = op === "affine" || !known.includes(op);
  const fill = boxed && box(element, node, view, size, painters);
  if (op === "times") ring(element, node, view, cell, painters);
  else if (["plus", "rest", "share"].includes(op)) shape("circle", { cx: x, cy: y, r: w / 2, class: "rv-face" }, element);
  else if (op === "phi") shape("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: h / 2, class: "rv-face" }, element);
  else if (!boxed) pill(element, node, view);
  const printed = view.large && ["affine", "past", "input", "out", "loss"].includes(op);
  const symbol = faceOf(node, view, printed && size.digits > 2);
  const label = shape("text", { class: "rv-face-text", x, y: y + (printed ? -3 : 5), "text-anchor": "middle" }, element);
  setSymbol(label, symbol);
  label.toggleAttribute("data-long", symbol.startsWith("∂"));
  if (op === "times") label.remove();
  if (op === "loss") {
    painters.push((t) => element.toggleAttribute("data-off", view.power(cell.loss.rows, t).log === -Infinity));
  }
  const brief = (one) => (size.digits > 2 ? short(one) : power(one).length > 6 ? power(one, 1) : power(one));
  const text = printed && shape("text", { class: "rv-small", x, y: y + 14, "text-anchor": "middle" }, element);
  if (printed) {
    painters.push((t) => write(text, view.back ? brief(read(t)) : plain(read(t).value, size.digits)));
  }
  if (size.digits > 2 && node.meaning && op === "affine") gauge(svg, node);
  const words = [node.symbol ?? "L_t", node.title ?? cell.loss.name].join(", ");
  // As it would be with another weight, until the next painting.
  const preview = (value) => {
    fill(value);
    if (text && !view.back) write(text, plain(value, size.digits));
  };
  return { key: node.name, node, element, name: words, read, where: [x, y - h / 2], means: node.means, preview, sets: cell.initial?.[node.name]?.terms[0].weight };
}

/* What is written on a node: over a number, what that number is. A sum bears the name of its matrix
 * where its number is not shown; in a narrow drawing gradients have room for the symbol alone. */
function faceOf({ op, symbol, face }, view, wide) {
  if (op === "loss") return "L_t";
  const end = ["past", "input", "out"].includes(op);
  if (!end && !(op === "affine" && view.large)) return face;
  const name = end || /^[A-Z]/.test(face) ? symbol : face;
  return view.back && wide ? `∂L/∂${name}` : name;
}

/* Filled as far as it is open; what runs from −1 to 1 is filled from the middle. */
function box(element, { x, y, w, h, kind, value, phi }, view, size, painters) {
  const gate = kind === "gate" || phi === "σ";
  shape("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 3, class: "rv-face" }, element);
  const inner = h - 2;
  const level = shape("rect", { x: x - w / 2 + 1, y: y - h / 2 + 1, width: w - 2, height: inner, class: "rv-level" }, element);
  const line = shape("path", { class: "rv-line" }, element);
  const tick = w * 0.2;
  const fill = (v) => {
    const share = gate ? v : Math.min(Math.max(v, -1), 1) / 2;
    const base = gate ? y + inner / 2 : y;
    const top = Number.isFinite(share) ? base - share * inner : base;
    level.setAttribute("y", Math.min(base, top).toFixed(1));
    level.setAttribute("height", Math.abs(base - top).toFixed(1));
    line.setAttribute("d", `M${x - w / 2},${top}h${tick}M${x + w / 2},${top}h${-tick}`);
  };
  painters.push((t) => fill(view.at(value, t)));
  return fill;
}

/* A product with a gate is a valve: its shutters meet where the gate is shut. */
function ring(element, { x, y, w, name }, view, cell, painters) {
  const r = w / 2;
  shape("circle", { cx: x, cy: y, r, class: "rv-face" }, element);
  const inputs = cell.wires.filter(({ to }) => to === name).map(({ from }) => cell.nodes.find((n) => n.name === from));
  const gate = inputs.find(({ kind, op }) => kind === "gate" || op === "rest");
  if (gate) {
    const source = gate.op === "rest" && gate.kind !== "gate" ? cell.nodes.find((n) => cell.wires.some((wire) => wire.to === gate.name && wire.from === n.name)) : gate;
    element.style.setProperty("--rv-own", source.color);
    const shutters = [-1, 1].map(() => shape("path", { class: "rv-shutter" }, element));
    painters.push((t) => {
      const open = Math.min(Math.max(view.at(gate.value, t), 0), 1);
      shutters.forEach((one, k) => one.setAttribute("d", Number.isFinite(open) ? cap(x, y, r - 1, open, k ? 1 : -1) : ""));
    });
  }
  shape("circle", { cx: x, cy: y, r, class: "rv-rim" }, element);
  shape("circle", { cx: x, cy: y, r: Math.max(r * 0.17, 1.8), class: "rv-dot" }, element);
}

/* The part of a disc beyond a chord at height `open` · r from its middle. */
function cap(x, y, r, open, side) {
  const half = Math.sqrt(Math.max(1 - open * open, 0)) * r;
  const level = y + side * open * r;
  return `M${x - half},${level}A${r},${r} 0 0 ${side < 0 ? 1 : 0} ${x + half},${level}Z`;
}

/* What comes in and goes out points the way it goes. */
function pill(element, { x, y, w, h, op }, view) {
  const [a, b, d] = [w / 2, h / 2, Math.min(h / 3, 8)];
  const side = view.back ? -1 : 1;
  const c = Math.min(b * 1.6, a);
  const shapeOf = op === "loss"
    ? [[-c, -b], [c, -b], [c, b], [-c, b]]
    : [[-a, -b], [a - d, -b], [a, 0], [a - d, b], [-a, b]];
  const points = shapeOf.map(([p, q]) => [x + side * p, y + q]).join(" ");
  shape("polygon", { points, class: "rv-face" }, element);
}

/* What the two ends of a gate's gauge mean, at those ends. */
function gauge(svg, { x, y, w, h, meaning }) {
  meaning.forEach((words, k) => {
    const text = shape("text", { class: "rv-gauge", x: x + w / 2 + 6, y: k ? y + h / 2 : y - h / 2 + 9 }, svg);
    text.textContent = `${1 - k} ${words}`;
  });
}
