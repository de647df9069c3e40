/* What the unrolled drawing consists of: one timestep, the shared weights, the gradient's ribbon. */

import { shape } from "../_dom.js";
import { plain, power, short } from "./diagram_numbers.js";
import { drawn, pieces, routes } from "./diagram_paths.js";
import { mainPath } from "./diagram_places.js";
import { setSymbol, write } from "./diagram_symbols.js";
import { appearance, reading } from "./diagram_values.js";

const FLOOR = -7; // the log₁₀ of the norm at which the ribbon is as thin as it gets

/* One timestep: the cell's own drawing, small, without its ends: they are its neighbours'. */
export function tile(group, view, cell, spots, size) {
  const paths = pieces(routes(cell, spots, size));
  const main = mainPath(cell, spots.nodes);
  const onMain = (path) => main.has(path.from.name) && path.points.every(([, y]) => y === path.from.y);
  const lines = (some) => some.map(({ points }) => drawn(points, 4)).join("");
  shape("path", { d: lines(paths.filter(onMain)), class: "rv-bed", "stroke-width": 14 }, group);
  shape("path", { d: lines(paths.filter((one) => !onMain(one))), class: "rv-bed", "stroke-width": 2 }, group);
  const painters = paths.map((path) => {
    const flow = shape("path", { d: drawn(path.points, 4), class: "rv-flow" }, group);
    let last = "";
    return (t) => {
      const { look, width } = appearance(reading(path, view, t), view.back, size);
      if (last === (last = `${look} ${width}`)) return;
      flow.dataset.look = look;
      flow.setAttribute("stroke-width", width);
    };
  });
  for (const node of spots.nodes.values()) painters.push(...mark(group, node, view, size));
  return (t) => painters.forEach((one) => one(t));
}

function mark(group, node, view, size) {
  const { x, y, op, color } = node;
  if (op === "out") {
    const text = label(group, x - 4, node.lane ? y + 15 : y - 11, "end");
    return [(t) => write(text, view.back ? short(view.power(node.back, t)) : plain(view.at(node.value, t), 2))];
  }
  if (["past", "input"].includes(op)) return [];
  if (op !== "affine") {
    const dot = shape("circle", { cx: x, cy: y, r: size.ring, class: "rv-face" }, group);
    dot.style.setProperty("--rv-own", color === "currentColor" ? "var(--st-text-color)" : color);
    return [];
  }
  const [w, h] = size.box;
  const own = shape("g", {}, group);
  own.style.setProperty("--rv-own", color === "currentColor" ? "var(--st-text-color)" : color);
  shape("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 2, class: "rv-face" }, own);
  const level = shape("rect", { x: x - w / 2 + 1, width: w - 2, class: "rv-level" }, own);
  level.style.opacity = 0.6;
  return [(t) => {
    const v = view.at(node.value, t);
    const gate = node.kind === "gate";
    const share = gate ? v : Math.min(Math.max(v, -1), 1) / 2;
    const base = gate ? y + h / 2 - 1 : y;
    const end = Number.isFinite(share) ? base - share * (h - 2) : base;
    level.setAttribute("y", Math.min(base, end).toFixed(1));
    level.setAttribute("height", Math.abs(base - end).toFixed(1));
  }];
}

/* The same mark under every column, on one line: there is one set of weights. */
export function shared(svg, cell, words, pitch, count, y) {
  const names = [...new Set(cell.wires.filter(({ weighted }) => weighted).map(({ parameter }) => parameter))];
  const line = shape("path", { class: "rv-shared" }, svg);
  const marks = Array.from({ length: count }, (_, k) => {
    const text = label(svg, (k + 0.5) * pitch, y, "middle");
    text.setAttribute("class", "rv-weight");
    setSymbol(text, names.slice(0, 3).join(", "));
    return text;
  });
  const text = label(svg, 0, y + 24, "middle");
  text.setAttribute("class", "rv-quiet-text");
  text.textContent = words.shared;
  return (first, last) => {
    marks.forEach((mark, k) => (mark.style.display = k >= first && k <= last ? "" : "none"));
    const at = (k) => (k + 0.5) * pitch;
    const ticks = marks.map((_, k) => (k >= first && k <= last ? `M${at(k)},${y + 5}v6` : "")).join("");
    line.setAttribute("d", `${ticks}M${at(first)},${y + 11}H${at(last)}`);
    text.setAttribute("x", at((first + last) / 2));
  };
}

/* ‖∂L/∂state‖ as a ribbon, as thick as its logarithm; t = 0 is the initial state. */
export function ribbon(svg, { state, color, row, start, y }, view, pitch, count, reach) {
  const name = label(svg, 0, y - 28, "start");
  setSymbol(name, view.words.norm.replace("{state}", state));
  const band = shape("path", { class: "rv-ribbon", fill: color }, svg);
  const run = shape("path", { class: "rv-middle", d: `M0,${y}H${count * pitch}` }, svg);
  const numbers = Array.from({ length: count }, (_, k) => label(svg, (k + 0.5) * pitch, y + 36, "middle"));
  const log = (t) => (t === 0 ? start ?? -Infinity : view.at(row, t));
  const half = (v) => Math.min(Math.max((v - FLOOR) * 2, 0.4), 24);
  return (t) => {
    const points = [];
    numbers.forEach((text, k) => {
      const at = t - reach + k;
      const v = log(at);
      write(text, at < 0 || at > view.length ? "" : power({ log: v, sign: 1 }));
      if (at >= 0 && at <= view.length && v > -Infinity) points.push([(k + 0.5) * pitch, half(v)]);
    });
    const upper = points.map(([x, h]) => `${x.toFixed(1)},${(y - h).toFixed(1)}`);
    const lower = points.map(([x, h]) => `${x.toFixed(1)},${(y + h).toFixed(1)}`).reverse();
    band.setAttribute("d", points.length ? `M${[...upper, ...lower].join("L")}Z` : "");
    run.setAttribute("d", points.length > 1 ? `M${points[0][0]},${y}H${points.at(-1)[0]}` : "");
  };
}

export function label(parent, x, y, anchor) {
  return shape("text", { x, y, "text-anchor": anchor }, parent);
}
