/* The cell unrolled: timesteps side by side, their weights the same, the gradient coming back.
 * Follows "rv-time"; the packet is that of diagram.js for one cell, with the gradient's norms. */

import { make, shape } from "../_dom.js";
import { moment, mounted } from "../_shared.js";
import { observed } from "./diagram_life.js";
import { plain, power } from "./diagram_numbers.js";
import { SIZES, places } from "./diagram_places.js";
import { write } from "./diagram_symbols.js";
import { dataTable, unrolledTable } from "./diagram_table.js";
import { unpack } from "./diagram_values.js";
import { FOLDED, folded } from "./unrolled_folded.js";
import { label, ribbon, shared, tile } from "./unrolled_marks.js";
import { runningSum } from "./unrolled_sum.js";

const GAP = 16;

export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-cells rv-unrolled", parent);
  root.setAttribute("data-rv-view", "");
  let [view, width, paint, table] = [null, 0, () => {}, () => {}];
  const kept = {};
  const step = (t) => {
    if (!view) return;
    const at = Math.min(Math.max(t, 1), view.length);
    paint(at);
    table(at);
    root.dataset.t = at;
  };
  function draw() {
    if (!view || !width) return;
    root.replaceChildren();
    root.toggleAttribute("data-back", view.back);
    for (const [name, colors] of Object.entries(view.colors)) {
      colors.forEach((color, k) => root.style.setProperty(`--rv-${name}-${k}`, color));
    }
    const place = make("div", "rv-beside", root);
    folded(place, view);
    const beside = width >= 700;
    root.toggleAttribute("data-below", !beside);
    paint = unroll(place, view, beside ? width - FOLDED - GAP : width);
    table = dataTable(root, view, unrolledTable(view), kept);
    step(moment() || view.length);
  }
  const resized = (wide) => {
    width = wide;
    draw();
  };
  const life = observed(root, resized, step);
  return {
    update(data) {
      view = unpack(data);
      resized(life.measured());
    },
    unmount: life.unmount,
  };
}

function unroll(root, view, width) {
  const reach = width >= 700 ? 3 : width >= 480 ? 2 : 1;
  const count = 2 * reach + 1;
  const { cell, words } = view;
  const size = SIZES.mini;
  const pitch = width / count;
  const spots = places(cell, pitch, size, false);
  const lanes = [...spots.nodes.values()].map(({ y }) => y);
  const [top, bottom] = [44, Math.max(...lanes) + 16];
  const ribbons = view.norms.map((one, k) => ({ ...one, y: top + bottom + 82 + k * 88 }));
  const under = ribbons.at(-1).y + 64;
  const height = view.sum ? under + 56 : under - 24;
  const svg = shape("svg", { width, height, role: "img", class: "rv-steps" }, root);
  shape("rect", { x: reach * pitch, y: 0, width: pitch, height, class: "rv-now" }, svg);
  const columns = Array.from({ length: count }, (_, k) => {
    const x = k * pitch;
    const group = shape("g", { transform: `translate(${x},${top})` }, svg);
    const head = label(svg, x + pitch / 2, 14, "middle");
    const loss = label(svg, x + pitch / 2, 30, "middle");
    loss.setAttribute("class", "rv-quiet-text");
    return { offset: k - reach, group, head, loss, tile: tile(group, view, cell, spots, size) };
  });
  const weights = shared(svg, cell, words, pitch, count, top + bottom + 12);
  const painted = ribbons.map((one) => ribbon(svg, one, view, pitch, count, reach));
  if (view.sum) painted.push(runningSum(svg, view, pitch, count, reach, under));

  return (t) => {
    const said = [];
    for (const { offset, group, head, loss, tile: show } of columns) {
      const at = t + offset;
      const inside = at >= 1 && at <= view.length;
      group.toggleAttribute("hidden", !inside);
      group.style.display = inside ? "" : "none";
      const away = offset ? ` (t ${offset < 0 ? "−" : "+"} ${Math.abs(offset)})` : " (t)";
      write(head, inside ? `${at}${away}` : at === 0 ? words.start : at === view.length + 1 ? words.end : "");
      const pays = inside && cell.loss && view.power(cell.loss.rows, at).log > -Infinity;
      write(loss, pays ? `↑ ${words.loss} ${plain(view.at(cell.loss.cost, at))}` : "");
      if (!inside) continue;
      show(at);
      for (const { state, row } of view.norms) {
        const value = power({ log: view.at(row, at), sign: 1 });
        said.push(words.norms.replace("{state}", state).replace("{t}", at).replace("{value}", value));
      }
    }
    for (const show of painted) show(t);
    weights(Math.max(reach + 1 - t, 0), Math.min(view.length - t + reach, count - 1));
    const [first, last] = [Math.max(t - reach, 1), Math.min(t + reach, view.length)];
    svg.setAttribute("aria-label", `${words.label.replace("{first}", first).replace("{last}", last)}. ${said.join("; ")}`);
  };
}
