/* What runs on a path: as wide as it is large, in the colour of its sign. */

import { shape } from "../_dom.js";
import { groupOf, isEdited, knob, knobAt, setOnWire } from "./diagram_knobs.js";
import { plain, short } from "./diagram_numbers.js";
import { drawn, length, longest, middle } from "./diagram_paths.js";
import { FROM_OUTSIDE } from "./diagram_places.js";
import { symbolIn, write } from "./diagram_symbols.js";
import { appearance, reading } from "./diagram_values.js";

export function lossPath(cell, { nodes, loss }) {
  const y = nodes.get("y");
  const wire = { name: cell.loss.name, passes: y.value, brings: y.value, back: y.back };
  return { from: y, points: [[y.x, y.y], [loss.x, loss.y - (Math.sign(loss.y - y.y) * loss.h) / 2]], wires: [{ wire }], loss: true };
}

/* Halo and bed of all paths of a source lie below their flows: no seams where they part. */
export function drawPath([halos, beds, layer], path, isMain, view, cell, size, painters, numbers) {
  const d = drawn(path.points, size.ring * 0.7);
  const element = shape("g", { class: "rv-path", tabindex: -1, role: "img" }, layer);
  if (isMain) element.setAttribute("data-main", "");
  const bed = isMain ? size.most + 9 : 3;
  shape("path", { d, class: "rv-halo", "stroke-width": bed + 5 }, halos);
  const under = shape("path", { d, class: "rv-bed", "stroke-width": bed }, beds);
  const flow = shape("path", { d, class: "rv-flow" }, element);
  const dash = shape("path", { d, class: "rv-dash" }, element);
  shape("path", { d, class: "rv-touch" }, element);
  const read = (t) => reading(path, view, t);
  const quiet = (t) => path.loss && view.power(cell.loss.rows, t).log === -Infinity;
  let last = "";
  painters.push((t) => {
    const { look, width } = quiet(t) ? { look: "none", width: 0 } : appearance(read(t), view.back, size);
    const now = `${look} ${width}`;
    if (now === last) return;
    last = now;
    flow.dataset.look = look;
    flow.setAttribute("stroke-width", width);
    dash.setAttribute("stroke-width", Math.max(width * 0.3, 1.3));
    dash.dataset.look = look;
  });
  if (numbers) painters.push(pathNumber(element, path, read, view));
  const ends = path.wires.map(({ wire }) => symbolIn(cell, wire.to)).join(", ");
  const whole = path.wires.length === 1 && (path.last || !path.wires[0].wire.weighted);
  const name = whole ? path.wires[0].wire.name : `${symbolIn(cell, path.from.name)} → ${ends}`;
  const where = middle(path.points);
  const part = { key: `${path.from.name}>${path.wires.map(({ k }) => k)}${path.last ?? ""}`, element, under, name, read, where, source: path.from };
  const [{ wire, to }] = path.wires;
  const group = path.last && groupOf(wire, cell);
  if (!group || cell.sums[to.name].held) return part;
  knob(element, knobAt(path.points, size), size, isEdited([group]));
  return setOnWire(part, [group], to);
}

/* Where a number is shown: not beside a box that shows the same, and not twice. */
export const worthANumber = (view, paths) => (path) => {
  if (path.loss || length(...longest(path.points)) < 40) return false;
  const same = paths.filter((one) => one.from === path.from && !one.last);
  if (view.back) {
    // Where a wire turns off alone, its last leg says it.
    if (!path.last && path.wires.length === 1 && paths.some((one) => one.last && one.wires[0] === path.wires[0])) return false;
    const told = path.from.op === "affine" || FROM_OUTSIDE.includes(path.from.op);
    return !(told && path.wires.length === paths.filter((one) => one.from === path.from).flatMap((one) => one.wires).filter((one, k, all) => all.indexOf(one) === k).length);
  }
  if (path.last) return true;
  if (path.from.op === "affine" || FROM_OUTSIDE.includes(path.from.op)) return false;
  const far = (one) => length(...longest(one.points));
  return same.every((one) => far(one) < far(path) || (far(one) === far(path) && one === path) || one === path);
};

function pathNumber(element, path, read, view) {
  const [a, b] = longest(path.points);
  const upright = a[0] === b[0];
  const port = path.wires[0].port ?? 0;
  const side = upright && (port < 0 || path.from.op === "out") ? -1 : 1;
  const [x, y] = path.wires.length === 1 && path.last && upright ? [b[0], b[1] + (a[1] > b[1] ? (port < 0 ? 31 : 15) : -18)] : middle(path.points);
  const text = shape("text", { class: "rv-small", x: upright ? x + side * 10 : x, y: upright ? y + 4 : y - 12 }, element);
  text.setAttribute("text-anchor", upright ? (side < 0 ? "end" : "start") : "middle");
  if (!upright && element.hasAttribute("data-main")) text.setAttribute("y", y - 16);
  return (t) => write(text, view.back ? short(read(t)) : plain(read(t).value, path.last ? 2 : 3));
}
