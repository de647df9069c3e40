/* The cell, drawn and alive. Follows "rv-time" (see time_control/stage.js); data is one packet
 * (see `opened`) with values (n_slots, length). */

import { make } from "../_dom.js";
import { moment, mounted } from "../_shared.js";
import { drawCell } from "./diagram_cell.js";
import { legend } from "./diagram_legend.js";
import { observed } from "./diagram_life.js";
import { wireSlider } from "./diagram_slider.js";
import { dataTable, mapTable } from "./diagram_table.js";
import { unpack } from "./diagram_values.js";

export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-cells", parent);
  root.setAttribute("data-rv-view", "");
  const state = { view: null, maps: [], t: 0, width: 0, send: () => {}, kept: {}, table: () => {}, told: new Map() };
  const tip = make("div", "rv-tip", root);
  tip.hidden = true;
  state.slider = wireSlider(root, state);
  const life = observed(root, resized, paint);

  function resized(width) {
    state.width = width;
    draw();
  }

  function draw() {
    const { view } = state;
    if (!view || !state.width) return;
    const open = state.maps.map((map) => map.opened);
    const focused = state.maps.findIndex((map) => map.figure.contains(document.activeElement));
    const part = state.maps[focused]?.parts.find(({ element }) => element === document.activeElement)?.key;
    // The tip and the slider stay, and with it what is being dragged.
    for (const one of [...root.children]) if (one !== tip && one !== state.slider.box) one.remove();
    root.dataset.size = view.large ? "large" : "compact";
    root.toggleAttribute("data-back", view.back);
    root.toggleAttribute("data-alone", Boolean(view.alone));
    for (const [name, colors] of Object.entries(view.colors)) {
      colors.forEach((color, k) => root.style.setProperty(`--rv-${name}-${k}`, color));
    }
    const place = make("div", "rv-maps", root);
    tip.hidden = true;
    // All of them first: how many fit side by side decides how wide each is.
    const figures = view.cells.map(() => make("figure", "rv-map", place));
    const fit = Math.max(Math.floor((state.width + 24) / 264), 1);
    const across = view.cells.length <= fit ? view.cells.length : view.cells.length === 4 && fit > 1 ? 2 : fit;
    place.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    state.maps = view.cells.map((cell, k) => drawCell(figures[k], cell, state, tip));
    legend(root, view);
    state.table = dataTable(root, view, mapTable(view), state.kept);
    paint(moment() || view.length);
    state.maps.forEach((map, k) => map.has(open[k]) && map.open(open[k]));
    if (view.large) state.slider.again(state.maps[0].parts);
    if (part) state.maps[focused]?.focus(part);
  }

  function paint(t) {
    if (!state.view || !state.maps.length) return;
    state.t = Math.min(Math.max(t, 1), state.view.length);
    for (const map of state.maps) map.paint(state.t);
    state.table(state.t);
    if (state.slider.openAt()) state.slider.paint(state.t);
    root.dataset.t = state.t;
  }

  return {
    update(data, send) {
      state.view = unpack(data);
      state.send = send;
      resized(life.measured());
    },
    unmount: life.unmount,
  };
}
