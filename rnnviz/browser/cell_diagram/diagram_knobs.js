/* Where a weight is set on its own wire: a knob where the wire enters a sum. */

import { shape } from "../_dom.js";
import { length, towards } from "./diagram_paths.js";
import { symbolIn } from "./diagram_symbols.js";
import { appearance } from "./diagram_values.js";

/* The knobs of a sum: on the last leg of each weighted wire, and for the bias on a stub of its own. */
export function stubOf(node, cell, paths, nodes) {
  const sum = cell.sums?.[node.name];
  if (!sum || sum.held || !sum.terms.some(({ source }) => !source)) return null;
  const beside = paths.some(({ last, wires, points }) => last && wires[0].wire.to === node.name && points.at(-1)[0] < node.x - node.w / 2 + 1);
  const y = node.y + (beside ? node.h * 0.34 : 0);
  const x = node.x - node.w / 2;
  const boxes = nodes.filter((one) => one.op === "affine" && one.lane === node.lane).map((one) => one.x + one.w / 2);
  const passing = paths.flatMap(({ points }) => points.slice(1).map((p, k) => [points[k], p]))
    .filter(([a, b]) => a[0] === b[0] && (a[1] - y) * (b[1] - y) < 0).map(([[across]]) => across);
  const free = Math.min(...[...boxes, ...passing].filter((edge) => edge < x).map((edge) => x - edge));
  return { x, y, length: Math.min(node.w * 0.3, 16, free / 2) };
}

export function knob(element, [x, y], { ring }, edited) {
  shape("circle", { cx: x, cy: y, r: 11, class: "rv-grip" }, element);
  const dot = shape("circle", { cx: x, cy: y, r: ring * 0.32, class: "rv-knob" }, element);
  if (edited) dot.setAttribute("data-edited", "");
}

/* Where on its last leg a path has its knob: near the box, and clear of the bias's. */
export function knobAt(points, size) {
  const [a, b] = [points.at(-2), points.at(-1)];
  return towards(b, a, Math.min(length(a, b) / 2, size.ring * (a[1] === b[1] ? 2.6 : 1.5)));
}

export const groupOf = (wire, cell) => cell.sums?.[wire.to]?.terms.find(({ parameter, source }) => parameter === wire.parameter && source === symbolIn(cell, wire.from));
export const isEdited = (groups) => groups.some(({ edited }) => edited.some(Boolean));

/* A part of the drawing, and what can be set there; ``bottom`` is where the box of the sum ends. */
export function setOnWire(part, groups, node) {
  part.element.setAttribute("role", "button");
  part.element.setAttribute("aria-haspopup", "dialog");
  const weight = [...new Set(groups.map((one) => one.weight))].join(", ");
  part.edit = { node, groups, weight, bottom: node.y + node.h / 2 };
  return part;
}

export function drawBias(svg, node, view, cell, size, painters, stub) {
  const groups = cell.sums[node.name].terms.filter(({ source }) => !source);
  const element = shape("g", { class: "rv-path", tabindex: -1 }, svg);
  const end = stub.x - stub.length;
  const d = `M${end},${stub.y}H${stub.x}`;
  const under = shape("path", { d, class: "rv-bed", "stroke-width": 3 }, element);
  const flow = shape("path", { d, class: "rv-flow" }, element);
  knob(element, [end, stub.y], size, isEdited(groups));
  const value = groups.reduce((sum, { weights }) => sum + weights[0], 0);
  const read = (t) => (view.back ? view.power(node.before ?? node.back, t) : { value });
  painters.push((t) => {
    const { look, width } = appearance(read(t), view.back, size);
    if (flow.dataset.look !== look) flow.dataset.look = look;
    flow.setAttribute("stroke-width", width);
  });
  const name = `${groups.map(({ weight }) => weight).join(" + ")}, ${view.words.bias}`;
  const part = { key: `${node.name}>bias`, element, under, name, read, where: [end, stub.y], source: node };
  return setOnWire(part, groups, node);
}
