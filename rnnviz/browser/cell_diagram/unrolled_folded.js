/* The folded picture: one cell whose state comes back to it, beside the same cell unrolled. */

import { make, shape } from "../_dom.js";
import { label } from "./unrolled_marks.js";
import { setSymbol } from "./diagram_symbols.js";

export const FOLDED = 168; // its width in pixels, where it stands beside the unrolled picture
const [X, Y, W, H] = [72, 92, 84, 40];

export function folded(parent, { cell, back, words }) {
  const figure = make("figure", "rv-folded", parent);
  const svg = shape("svg", { width: FOLDED, height: 190, role: "img" }, figure);
  svg.setAttribute("aria-label", words.folded);
  const states = cell.nodes.filter(({ op }) => op === "out").map(({ name }) => name.replace("_out", ""));
  shape("rect", { x: X - W / 2, y: Y - H / 2, width: W, height: H, rx: 4, class: "rv-fold-cell" }, svg).style.stroke = cell.color;
  const title = label(svg, X, Y + 5, "middle");
  title.textContent = cell.title.length > 12 ? states.join(", ") : cell.title;
  arrow(svg, [[X, Y + H / 2 + 42], [X, Y + H / 2]], back);
  arrow(svg, [[X, Y - H / 2], [X, Y - H / 2 - 36]], back);
  const loop = [[X + W / 2, Y - 8], [X + W / 2 + 26, Y - 8], [X + W / 2 + 26, Y + 36], [X + 24, Y + 36], [X + 24, Y + H / 2]];
  arrow(svg, loop, back);
  setSymbol(label(svg, X, Y + H / 2 + 58, "middle"), "x_t");
  setSymbol(label(svg, X, Y - H / 2 - 42, "middle"), "y_t");
  setSymbol(label(svg, X + W / 2 + 30, Y + 16, "start"), states.length > 1 ? states.join(", ") : `${states[0]}_t`);
  const is = label(svg, FOLDED - 10, Y + 62, "middle");
  is.textContent = "=";
  is.classList.add("rv-fold-is");
  make("figcaption", "rv-caption-line", figure).textContent = words.folded;
}

/* A line with a head at its end; at its start where gradients are shown, for they go the other way. */
function arrow(svg, points, back) {
  shape("path", { d: `M${points.join("L")}`, class: "rv-fold-line" }, svg);
  const [tip, before] = back ? [points[0], points[1]] : [points.at(-1), points.at(-2)];
  const [dx, dy] = [Math.sign(tip[0] - before[0]), Math.sign(tip[1] - before[1])];
  const [a, b] = [[tip[0] - dx * 8 - dy * 4, tip[1] - dy * 8 - dx * 4], [tip[0] - dx * 8 + dy * 4, tip[1] - dy * 8 + dx * 4]];
  shape("polygon", { points: [tip, a, b].join(" "), class: "rv-fold-head" }, svg);
}
