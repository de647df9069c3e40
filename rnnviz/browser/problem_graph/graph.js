/* A problem type unrolled: what goes in, what is answered, where losses sit, what comes back.
 * Follows "rv-time"; data is one packet (see `opened`). Rows are log₁₀ norms along t, but `p`. */

import { make, shape } from "../_dom.js";
import { moment, mounted } from "../_shared.js";
import { plain, short } from "../cell_diagram/diagram_numbers.js";
import { setSymbol } from "../cell_diagram/diagram_symbols.js";
import { unpack } from "../cell_diagram/diagram_values.js";
import { arrows, backward, border, box, forward, legend, log, put, size } from "./graph_arrows.js";

const LEAST = 74; // pixels of a column, and what share of that a gap takes
const GAP = 0.55;
export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-graph", parent);
  root.setAttribute("data-rv-view", "");
  let [view, width] = [null, 0];
  const step = (t) => {
    if (!view || !width) return;
    const at = Math.min(Math.max(t, 1), view.length);
    draw(root, view, width, at);
    root.dataset.t = at;
  };
  const follow = (event) => step(event.detail.t);
  const now = () => step(moment() || view?.length);
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 1) return;
    width = contentRect.width;
    now();
  });
  document.addEventListener("rv-time", follow);
  sizes.observe(root);
  return {
    update(data) {
      view = unpack(data);
      width = root.getBoundingClientRect().width;
      now();
    },
    unmount() {
      document.removeEventListener("rv-time", follow);
      sizes.disconnect();
      root.remove();
    },
  };
}

/* Both ends, both sides of the hand-over and t always; the rest as far as there is room. */
function chosen({ length, handed }, t, room) {
  const wanted = [1, length, t, ...(handed ? [handed, handed + 1] : [])];
  const taken = new Set(wanted);
  const size = () => {
    const all = [...taken].sort((a, b) => a - b);
    return all.length + GAP * all.filter((one, k) => k && one > all[k - 1] + 1).length;
  };
  for (let away = 1; away < length && taken.size < length; away += 1) {
    for (const one of [t - away, t + away, 1 + away, length - away, handed - away, handed + 1 + away]) {
      if (one < 1 || one > length || taken.has(one)) continue;
      taken.add(one);
      if (size() > room) taken.delete(one);
    }
    if (size() > room - GAP) break;
  }
  return [...taken].sort((a, b) => a - b);
}

function draw(root, view, width, t) {
  const { handed, words } = view;
  root.replaceChildren();
  const shown = chosen(view, t, Math.max(width / LEAST, 1));
  const gaps = shown.map((one, k) => k > 0 && one > shown[k - 1] + 1);
  const units = shown.length + GAP * gaps.filter(Boolean).length;
  const pitch = Math.min(width / units, 120);
  const top = handed ? 24 : 0;
  const y = { head: top + 14, loss: top + 44, out: top + 104, cell: top + 168, input: top + 234, norm: top + 278 };
  let left = (width - pitch * units) / 2;
  const columns = shown.map((at, k) => {
    left += gaps[k] ? GAP * pitch : 0;
    const x = left + pitch / 2;
    left += pitch;
    return { at, x, gap: gaps[k] };
  });
  const svg = shape("svg", { width, height: y.norm + 44, role: "img" }, root);
  svg.style.setProperty("--rv-cell", view.color);
  const here = columns.find(({ at }) => at === t);
  shape("rect", { x: here.x - pitch / 2, y: top, width: pitch, height: y.norm + 8 - top, class: "rv-now" }, svg);
  if (handed) border(svg, columns, handed, y, words, pitch);
  for (const [k, { at, x, gap }] of columns.entries()) {
    if (k) between(svg, view, columns[k - 1], { at, x, gap }, y);
    column(svg, view, at, x, y, at === t, pitch);
  }
  legend(svg, words, y.norm + 34);
  const said = columns.map(({ at }) => `t = ${at}: ${size(view, "h", at)}`);
  svg.setAttribute("aria-label", `${words.label}. ‖∂L/∂h‖ ${said.join("; ")}`);
}

function column(svg, view, t, x, y, now, pitch) {
  const k = t - 1;
  put(svg, x, y.head, String(t), now ? "rv-strong" : "rv-quiet");
  arrows(svg, view, x, [y.input - 14, y.cell + 17], "inputs", t);
  if (view.asked[k]) {
    arrows(svg, view, x, [y.cell - 17, y.out + 15], "down", t);
    box(svg, x, y.out, 21, 14, plain(log(view, "p", t), 2), "rv-out");
  }
  if (view.answers[k]) {
    arrows(svg, view, x, [y.out - 15, y.loss + 13], "own", t);
    shape("circle", { cx: x, cy: y.loss, r: 12, class: "rv-loss" }, svg);
    put(svg, x, y.loss + 4, view.targets[k], "rv-onloss");
  }
  const cell = box(svg, x, y.cell, 22, 16, "", t > view.handed && view.handed ? "rv-cell rv-second" : "rv-cell");
  setSymbol(cell, `h_${t}`);
  const fed = view.fed[k];
  const input = box(svg, x, y.input, 15, 13, fed ? "" : view.inputs[k], fed ? "rv-in rv-fed" : "rv-in");
  if (fed) setSymbol(input, `p_${t - 1}`);
  put(svg, x, y.norm, pitch < 70 ? short({ log: log(view, "h", t), sign: 1 }) : size(view, "h", t), "rv-number");
}

/* From step a to step b: the state goes on, its gradient comes back; so do answers that are fed. */
function between(svg, view, a, b, y) {
  const [from, to] = [a.x + 23, b.x - 23];
  const middle = (from + to) / 2;
  forward(svg, `M${from},${y.cell - 8}H${to - 4}`, [to, y.cell - 8], 0);
  if (b.gap) {
    backward(svg, view, "back", b.at, [to, y.cell + 8], [middle + 9, y.cell + 8]);
    backward(svg, view, "back", a.at + 1, [middle - 9, y.cell + 8], [from, y.cell + 8]);
    put(svg, middle, y.cell - 14, "⋯", "rv-quiet");
    return;
  }
  backward(svg, view, "back", b.at, [to, y.cell + 8], [from, y.cell + 8]);
  if (!view.fed[b.at - 1]) return;
  const mid = (a.x + b.x) / 2;
  const [up, down] = [a.x + 22, b.x - 16];
  forward(svg, `M${up},${y.out - 5}C${mid + 14},${y.out - 5} ${mid - 2},${y.input - 6} ${down - 4},${y.input - 6}`, [down, y.input - 6], 0);
  backward(svg, view, "fed", a.at, [down, y.input + 5], [up, y.out + 6], `C${mid - 16},${y.input + 5} ${mid},${y.out + 6}`);
}
