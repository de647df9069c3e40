/* The graph's arrows: what goes on in grey, what comes back as wide as it is large; boxes and texts. */

import { shape } from "../_dom.js";
import { raised } from "../_shared.js";
import { power } from "../cell_diagram/diagram_numbers.js";

const FLOOR = -8; // the log₁₀ of the norm at which an arrow is as thin as it gets
export const log = (view, name, t) => view.at(view.slots[name], t);
export const size = (view, name, t) => power({ log: log(view, name, t), sign: 1 });

const MENU = 40; // px in the upper right corner, where the figure's menu stands

export function arrows(svg, view, x, [low, high], name, t) {
  forward(svg, `M${x - 8},${low}V${high + 4}`, [x - 8, high], -90);
  backward(svg, view, name, t, [x + 8, high], [x + 8, low]);
}

export function forward(svg, d, [x, y], turn) {
  shape("path", { d, class: "rv-forward" }, svg);
  shape("path", { d: "M0,0L-6,-3.5V3.5Z", transform: `translate(${x},${y}) rotate(${turn})`, class: "rv-tip" }, svg);
}

/* As wide as its logarithm, on one absolute scale; dotted below the floor; none where it is 0. */
export function backward(svg, view, name, t, [x0, y0], [x1, y1], bend = "") {
  const v = log(view, name, t);
  if (v === -Infinity) return;
  const wide = breadth(v);
  const look = Number.isFinite(v) ? (v < FLOOR ? "below" : "") : "wrong";
  const head = Math.min(4 + 0.8 * wide, bend ? 10 : Math.hypot(x1 - x0, y1 - y0) * 0.6);
  const way = bend || Math.abs(x1 - x0) > Math.abs(y1 - y0) ? [Math.sign(x1 - x0), 0] : [0, Math.sign(y1 - y0)];
  const [ex, ey] = [x1 - way[0] * head, y1 - way[1] * head];
  const group = shape("g", { class: "rv-back", "data-name": name, "data-t": t, "data-look": look }, svg);
  const line = bend ? `M${x0},${y0}${bend} ${ex},${ey}` : `M${x0},${y0}L${ex},${ey}`;
  shape("path", { d: line, "stroke-width": wide.toFixed(2), class: "rv-line" }, group);
  const half = Math.max(wide * 0.85, 3.5);
  const [nx, ny] = [-way[1] * half, way[0] * half];
  shape("path", { d: `M${x1},${y1}L${ex + nx},${ey + ny}L${ex - nx},${ey - ny}Z`, class: "rv-head" }, group);
  shape("title", {}, group).textContent = view.words[name].replace("{t}", t).replace("{value}", size(view, name, t));
}

function breadth(v) {
  if (!Number.isFinite(v)) return 3;
  return Math.min(Math.max(((v - FLOOR) / -FLOOR) * 9, 1), 13);
}

export function border(svg, columns, handed, y, words, pitch) {
  const [a, b] = [handed, handed + 1].map((at) => columns.find((one) => one.at === at).x);
  const x = (a + b) / 2;
  shape("line", { x1: x, x2: x, y1: 20, y2: y.norm + 6, class: "rv-border" }, svg);
  put(svg, x, 13, words.handed, "rv-strong");
  put(svg, columns[0].x - pitch / 2 + 2, 13, words.encoder, "rv-quiet", "start");
  put(svg, columns.at(-1).x + pitch / 2 - MENU, 13, words.decoder, "rv-quiet", "end");
}

/* Three widths of the scale, and what the grey arrows are. */
export function legend(svg, words, y) {
  const line = (x) => `M${x},${y - 4}h20`;
  forward(svg, line(2), [28, y - 4], 0);
  put(svg, 34, y, words.forward, "rv-quiet", "start");
  for (const [k, v] of [0, -4, -8].entries()) {
    const x = 124 + k * 68;
    shape("path", { d: line(x), "stroke-width": breadth(v), class: "rv-line" }, svg);
    put(svg, x + 27, y, v ? `10${raised(v)}` : "1", "rv-quiet", "start");
  }
}

export function box(svg, x, y, w, h, words, name) {
  shape("rect", { x: x - w, y: y - h, width: 2 * w, height: 2 * h, rx: 4, class: name }, svg);
  return put(svg, x, y + 4, words, "rv-in-box");
}

export function put(svg, x, y, words, name, anchor = "middle") {
  const text = shape("text", { x, y, class: name, "text-anchor": anchor }, svg);
  if (words) text.textContent = words;
  return text;
}
