/* One cell: its paths, its nodes, and below it the arithmetic of the one that is open. */

import { make, shape } from "../_dom.js";
import { drawPath, lossPath, worthANumber } from "./diagram_flows.js";
import { drawBias, stubOf } from "./diagram_knobs.js";
import { gaugesBelow } from "./diagram_legend.js";
import { drawNode } from "./diagram_nodes.js";
import { pieces, routes } from "./diagram_paths.js";
import { SIZES, mainPath, places } from "./diagram_places.js";
import { arithmetic } from "./diagram_sums.js";
import { setHtmlSymbol } from "./diagram_symbols.js";
import { interact, unitStrip } from "./diagram_touch.js";

export function drawCell(figure, cell, state, tip) {
  const { view } = state;
  figure.style.setProperty("--rv-cell", cell.color);
  if (!view.large) title(figure, cell, state);
  else if (view.back) setHtmlSymbol(make("p", "rv-shown", figure), view.words.shown);
  const across = view.large ? state.width : Math.max(figure.getBoundingClientRect().width, 240);
  const size = SIZES[!view.large ? "compact" : across < 640 ? "narrow" : "large"];
  const numbers = size === SIZES.large;
  const spots = places(cell, across, size, !view.large && across < state.width * 0.9);
  const svg = shape("svg", { width: across, height: spots.height, role: "group" }, figure);
  svg.setAttribute("aria-label", `${cell.title}: ${view.back ? view.words.back : view.words.large}`);
  const painters = [];
  const parts = [];
  const paths = pieces(routes(cell, spots, size));
  const main = mainPath(cell, spots.nodes);
  if (cell.loss) paths.push(lossPath(cell, spots));
  const told = numbers ? new Set(paths.filter(worthANumber(view, paths))) : new Set();
  let from = null;
  let layer = null;
  for (const path of paths) {
    if (path.from !== from) layer = ["rv-under", "rv-beds", ""].map((name) => shape("g", { class: name }, svg));
    from = path.from;
    parts.push(drawPath(layer, path, main.has(path.from.name) && path.points.every(([, y]) => y === path.from.y), view, cell, size, painters, told.has(path)));
  }
  for (const node of spots.nodes.values()) {
    const stub = stubOf(node, cell, paths, [...spots.nodes.values()]);
    if (stub) parts.push(drawBias(svg, node, view, cell, size, painters, stub));
  }
  for (const node of [...spots.nodes.values(), ...(cell.loss ? [spots.loss] : [])]) {
    parts.push(drawNode(svg, node, view, cell, size, painters));
  }
  if (!view.large && cell.caption) setHtmlSymbol(make("figcaption", "rv-caption-line", figure), cell.caption);
  if (view.large && !numbers) gaugesBelow(figure, cell);
  if (view.large && cell.units) unitStrip(figure, cell, state, painters);
  const sums = view.large ? arithmetic(figure, cell, state) : null;
  const map = { figure, parts, opened: null, at: null, paint, open, focus, has: (name) => Boolean(name) && parts.some(({ node }) => node?.name === name) };
  interact(svg, parts, map, state, tip, cell);

  function paint(t) {
    for (const painter of painters) painter(t);
    sums?.paint(t);
    if (map.at) map.say(t);
  }
  function open(name) {
    if (!sums) return view.alone || state.send("choose", cell.name);
    map.opened = map.opened === name ? null : name;
    sums.show(map.opened);
    svg.querySelectorAll("[data-open]").forEach((one) => one.removeAttribute("data-open"));
    const part = parts.find(({ node }) => node?.name === map.opened);
    part?.element.setAttribute("data-open", "");
  }
  function focus(name) {
    parts.find((one) => one.key === name)?.element.focus();
  }
  return map;
}

function title(figure, cell, { view, send }) {
  if (view.alone) {
    make("p", "rv-shown", figure).textContent = cell.title;
    return;
  }
  const button = make("button", "rv-choose", figure);
  button.type = "button";
  button.textContent = cell.title;
  button.setAttribute("aria-pressed", cell.name === view.chosen);
  button.title = view.words.choose.replace("{cell}", cell.title);
  button.addEventListener("click", () => send("choose", cell.name));
  figure.toggleAttribute("data-chosen", cell.name === view.chosen);
}
