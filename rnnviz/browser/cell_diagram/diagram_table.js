/* A drawing's data, one click below it: what it shows now as a table that follows time while it is
 * open, and every timestep as CSV. Closed it does nothing; it is built when first opened. */

import { make } from "../_dom.js";
import { moment } from "../_shared.js";
import { plain, power } from "./diagram_numbers.js";
import { setHtmlSymbol, write } from "./diagram_symbols.js";

/* table: {name, words(t), heads(t), rows: [{heads, cells(t)}], csv()}; kept: {open}, over redrawings. */
export function dataTable(parent, view, table, kept) {
  const { words } = view;
  const box = make("details", "rv-data", parent);
  make("summary", "", box).textContent = words.table;
  let paint = null;
  let now = moment() || view.length;
  const follow = (t) => {
    now = t;
    if (box.open) (paint ??= tableIn(box, words, table))(t);
  };
  box.addEventListener("toggle", () => {
    kept.open = box.open;
    follow(now);
  });
  box.open = Boolean(kept.open);
  return follow;
}

function tableIn(box, words, table) {
  const said = make("p", "rv-quiet", box);
  const frame = make("div", "rv-data-frame", box);
  Object.assign(frame, { tabIndex: 0, role: "region" });
  frame.setAttribute("aria-label", words.table);
  const whole = make("table", "", frame);
  const top = make("tr", "", make("thead", "", whole));
  const heads = table.heads(1).map(() => Object.assign(make("th", "", top), { scope: "col" }));
  const body = make("tbody", "", whole);
  const rows = table.rows.map(({ heads: names, cells }) => {
    const row = make("tr", "", body);
    for (const one of names) setHtmlSymbol(Object.assign(make("th", "", row), { scope: "row" }), one);
    return { cells, places: cells(1).map(() => make("td", "", row)) };
  });
  const button = make("button", "rv-more", box);
  Object.assign(button, { type: "button", textContent: "CSV" });
  button.addEventListener("click", () => download(`${table.name}.csv`, table.csv()));
  return (t) => {
    write(said, table.words(t));
    table.heads(t).forEach((text, k) => write(heads[k], text));
    for (const { cells, places } of rows) cells(t).forEach((text, k) => write(places[k], text));
  };
}

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/* As pandas writes them: nothing for what is not a number. */
const inCsv = (one) => {
  if (typeof one !== "number") return `"${String(one).replaceAll('"', '""')}"`;
  return Number.isNaN(one) ? "" : String(one).replace("Infinity", "inf");
};

const csvOf = (lines) => lines.map((line) => `${line.map(inCsv).join()}\n`).join("");

/* ---- the maps: every node and every wire of every cell -------------------------------- */

/* Each with where its value stands and its gradient. */
function partsOf(cell) {
  const nodes = cell.nodes.map((node) => ({ part: node.symbol, title: node.title, value: node.value, back: node.back }));
  const wires = cell.wires.map((wire) => ({ part: wire.name, title: "", value: wire.brings, back: wire.back }));
  const loss = cell.loss ? [{ part: "L_t", title: cell.loss.name, value: cell.loss.cost, back: cell.loss.rows }] : [];
  return [...nodes, ...loss, ...wires].map((one) => ({ ...one, cell: cell.title, unit: cell.unit }));
}

export function mapTable(view) {
  const { words } = view;
  const parts = view.cells.flatMap(partsOf);
  const valueOf = (one, t) => view.at(one.value, t);
  const heads = [...(view.large ? [] : [words.cell]), words.part, words.title, words.values, words.gradients];
  return {
    name: view.large ? `${view.cells[0].name}_unit_${view.cells[0].unit}` : `cells_unit_${view.cells[0].unit}`,
    words: (t) => words.tableSays.replace("{unit}", view.cells[0].unit).replace("{t}", t),
    heads: () => heads,
    rows: parts.map((one) => ({
      heads: [...(view.large ? [] : [one.cell]), one.part],
      cells: (t) => [one.title, plain(valueOf(one, t), 4), power(view.power(one.back, t), 3)],
    })),
    csv() {
      const lines = [["t", "cell", "unit", "part", "title", "value", "gradient_sign", "gradient_log10"]];
      for (let t = 1; t <= view.length; t += 1) {
        for (const one of parts) {
          const { log, sign } = view.power(one.back, t);
          lines.push([t, one.cell, one.unit, one.part, one.title, valueOf(one, t), sign, log]);
        }
      }
      return csvOf(lines);
    },
  };
}

/* ---- the timesteps side by side ------------------------------------------------------- */

/* The signals that a unit has at each timestep, and the norms over all units. */
export function unrolledTable(view) {
  const { cell, words } = view;
  const told = cell.nodes.filter(({ op, kind }) => kind || op === "input");
  const inside = (t) => t >= 1 && t <= view.length;
  const steps = [-3, -2, -1, 0, 1, 2, 3];
  const rows = told.flatMap((node) => [
    { name: node.symbol, text: (t) => plain(view.at(node.value, t), 4), number: (t) => view.at(node.value, t) },
    { name: `∂L/∂${node.symbol}`, text: (t) => power(view.power(node.back, t), 3), back: (t) => view.power(node.back, t) },
  ]);
  const norms = view.norms.map(({ state, row }) => ({
    name: `‖∂L/∂${state}_t‖`, text: (t) => power({ log: view.at(row, t), sign: 1 }, 3), back: (t) => ({ log: view.at(row, t) }),
  }));
  const all = [...rows, ...norms];
  return {
    name: `${cell.name}_unit_${cell.unit}_unrolled`,
    words: (t) => words.tableSays.replace("{unit}", cell.unit).replace("{first}", Math.max(t - 3, 1)).replace("{last}", Math.min(t + 3, view.length)),
    heads: (t) => ["t", ...steps.map((step) => (inside(t + step) ? String(t + step) : ""))],
    rows: all.map(({ name, text }) => ({ heads: [name], cells: (t) => steps.map((step) => (inside(t + step) ? text(t + step) : "")) })),
    csv() {
      const names = all.flatMap(({ name, number, back }) => {
        if (number) return [name];
        return back(1).sign === undefined ? [`log10 ${name}`] : [`sign of ${name}`, `log10 |${name}|`];
      });
      const lines = [["t", ...names]];
      for (let t = 1; t <= view.length; t += 1) {
        lines.push([t, ...all.flatMap(({ number, back }) => {
          if (number) return [number(t)];
          const { log, sign } = back(t);
          return sign === undefined ? [log] : [sign, log];
        })]);
      }
      return csvOf(lines);
    },
  };
}
