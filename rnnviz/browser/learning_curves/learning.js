/* Loss over updates while nets are trained: drawn anew with every packet, without a chart library,
 * whose charts would flash. Values are log₁₀; a number that is not finite ends its line. */

import { make, line, shape, text } from "../_dom.js";
import { mounted, opened, raised } from "../_shared.js";

const MARGIN = { left: 62, right: 58, top: 28, bottom: 44 };
const DASHES = { dash: "7 4", dot: "2 3", longdash: "12 5", dashdot: "8 3 2 3", longdashdot: "12 4 2 4" };

function mount(parent) {
  const root = make("figure", "rv-learning", parent);
  let packet = null;
  const draw = () => {
    if (packet) root.replaceChildren(picture(...packet, root.clientWidth, root.clientHeight));
  };
  const watcher = new ResizeObserver(draw);
  watcher.observe(root);
  return {
    update(data) {
      packet = opened(data);
      root.setAttribute("aria-label", packet[0].summary);
      root.setAttribute("role", "img");
      draw();
    },
    unmount() {
      watcher.disconnect();
      root.remove();
    },
  };
}

export default mounted(mount);

function picture(head, numbers, width, height) {
  const svg = shape("svg", { width, height, "aria-hidden": "true" });
  const right = width - MARGIN.right;
  const bottom = height - MARGIN.bottom;
  const x = (update) => MARGIN.left + ((right - MARGIN.left) * update) / head.total;
  const y = (log) => bottom - ((bottom - MARGIN.top) * (log - head.low)) / (head.high - head.low);
  axes(svg, head, x, y, [MARGIN.left, right, MARGIN.top, bottom]);
  const ends = head.curves.map((one, k) => {
    const row = (n) => numbers.subarray(n * head.length, (n + 1) * head.length);
    return curve(svg, one, row(2 * k), row(2 * k + 1), x, y);
  });
  names(svg, ends.filter(Boolean), bottom);
  return svg;
}

function axes(svg, head, x, y, [left, right, top, bottom]) {
  for (let log = Math.ceil(head.low); log <= head.high; log += 1) {
    line(svg, left, y(log), right, y(log), "rv-grid");
    text(svg, left - 8, y(log) + 4, `10${raised(log)}`, "end");
  }
  for (const share of [0, 0.5, 1]) {
    const update = Math.round(share * head.total);
    text(svg, x(update), bottom + 18, String(update), "middle");
  }
  text(svg, (left + right) / 2, bottom + 38, head.words.x, "middle");
  const side = text(svg, 0, 0, head.words.y, "middle");
  side.setAttribute("transform", `translate(14 ${(top + bottom) / 2}) rotate(-90)`);
  if (head.level !== null) {
    line(svg, left, y(head.level), right, y(head.level), "rv-level");
    // Above the picture: beside the line it would lie on the curves that run along it.
    text(svg, right, top - 10, `– – ${head.words.level}`, "end");
  }
}

/* Draws one line and returns where it ends. */
function curve(svg, { name, color, dash }, at, logs, x, y) {
  let [d, end] = ["", null];
  for (let k = 0; k < at.length; k += 1) {
    if (!Number.isFinite(at[k]) || !Number.isFinite(logs[k])) continue;
    end = { name, color, x: x(at[k]), y: y(logs[k]) };
    d += `${d ? "L" : "M"}${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
  }
  if (!end) return null;
  const style = `stroke: ${color}; stroke-dasharray: ${DASHES[dash] ?? "none"}`;
  shape("path", { d, style, class: "rv-curve" }, svg);
  shape("circle", { cx: end.x, cy: end.y, r: 3.5, style: `fill: ${color}` }, svg);
  return end;
}

function names(svg, ends, bottom) {
  let last = -Infinity;
  for (const one of ends.sort((a, b) => a.y - b.y)) {
    last = Math.min(Math.max(one.y + 4, last + 15), bottom);
    const label = text(svg, one.x + 8, last, one.name, "start", "rv-name");
    label.setAttribute("style", `fill: ${one.color}`);
  }
}
