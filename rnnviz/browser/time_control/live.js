/* Numbers that follow time. Follows "rv-time" (see stage.js); data is one packet (see `opened`)
 * with values (n_slots, length). */

import { make } from "../_dom.js";
import { moment, mounted, opened } from "../_shared.js";
import { plain, power, signed, term } from "./live_numbers.js";

const STYLES = { log: power, sign: (v) => (v < 0 ? "−" : ""), "+": signed, sum: term, n: String };
const SLOT = /\{(\d+|t|T|label)(?::(log|sign|n|\+))?\}/;
const SUBSCRIPT = /([^\s_{}])_(?:\{([^{}]*)\}|([^\s_{}()⊙+·,=;:/‖]+))/;

export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-live", parent);
  let paint = () => {};
  const follow = (event) => paint(event.detail.t);
  document.addEventListener("rv-time", follow);
  return {
    update(data) {
      const view = unpack(data);
      const painters = [];
      root.replaceChildren();
      const element = view.sentence ? sentence(root, view, painters) : table(root, view, painters);
      element.setAttribute("data-rv-view", "");
      paint = (t) => {
        const at = Math.min(Math.max(t, 1), view.length);
        element.dataset.t = at;
        for (const painter of painters) painter(at);
      };
      paint(moment() || view.length);
    },
    unmount() {
      document.removeEventListener("rv-time", follow);
      root.remove();
    },
  };
}

function unpack(bytes) {
  const [head, values] = opened(bytes);
  return { ...head, at: (slot, t) => values[slot * head.length + t - 1] };
}

/* ---- pictures ------------------------------------------------------------------ */

function sentence(root, view, painters) {
  const line = make("p", "rv-readout", root);
  for (const { text, color } of view.sentence) {
    const part = make("span", "", line);
    if (color) Object.assign(part.style, { color, fontWeight: 600 });
    write(part, text, view, painters);
  }
  return line;
}

function table(root, view, painters) {
  const body = tablePart("table", "rv-table", root, "table");
  const bars = view.rows.some((row) => row.bar);
  if (view.columns.length) {
    const line = tablePart("tr", "rv-head", body, "row");
    for (const text of view.columns) write(tablePart("th", "", line, "columnheader"), text, view, []);
  }
  for (const row of view.rows) {
    const line = tablePart("tr", "rv-row", body, "row");
    const signal = tablePart("th", "rv-signal", line, "rowheader");
    const symbol = make("span", "rv-symbol", signal);
    symbol.style.color = row.color;
    write(symbol, row.symbol, view, []);
    make("span", "rv-name", signal).textContent = row.name;
    if (row.meaning) make("span", "rv-meaning", signal).textContent = row.meaning;
    if (bars) bar(tablePart("td", "rv-bar", line, "cell"), row, view, painters);
    for (const text of row.cells) write(tablePart("td", "rv-cell", line, "cell"), text, view, painters);
  }
  return body;
}

/* A value beyond the range is drawn to the end and marked: never silently clipped. */
function bar(cell, row, view, painters) {
  if (!row.bar) return;
  const [slot, low, high] = row.bar;
  const track = make("span", "rv-track", cell);
  const fill = make("span", "rv-fill", track);
  const number = make("span", "rv-number", cell);
  const place = (v) => (Math.min(Math.max(v, low), high) - low) / (high - low);
  const zero = place(low < 0 ? 0 : low);
  fill.style.backgroundColor = row.color;
  track.style.setProperty("--zero", `${zero * 100}%`);
  track.toggleAttribute("data-signed", low < 0);
  painters.push((t) => {
    const value = view.at(slot, t);
    const end = Number.isNaN(value) ? zero : place(value);
    const start = Math.min(zero, end) * 100;
    fill.style.transform = `translateX(${start}%) scaleX(${Math.abs(end - zero)})`;
    fill.toggleAttribute("data-negative", value < 0);
    track.dataset.over = value > high ? "high" : value < low ? "low" : "";
    number.textContent = low < 0 ? signed(value) : plain(value);
  });
}

/* ---- text with slots ------------------------------------------------------------- */

function write(parent, template, view, painters) {
  for (let rest = template; rest; ) {
    const hit = SLOT.exec(rest);
    const before = hit ? rest.slice(0, hit.index) : rest;
    const joined = hit && !hit[2] && before.endsWith("+ ");
    subscripts(parent, joined ? before.slice(0, -2) : before);
    if (!hit) return;
    if (joined) hit[2] = "sum";
    painters.push(filler(parent.appendChild(document.createTextNode("")), hit, view));
    rest = rest.slice(hit.index + hit[0].length);
  }
}

function filler(node, [, name, spec], view) {
  const words = {
    t: (t) => String(t),
    T: () => String(view.length),
    label: (t) => view.labels?.[t - 1] ?? "",
  };
  const style = STYLES[spec] ?? plain;
  const text = words[name] ?? ((t) => style(view.at(Number(name), t)));
  return (t) => {
    const next = text(t);
    if (node.data !== next) node.data = next;
  };
}

function subscripts(parent, text) {
  for (let rest = text; rest; ) {
    const hit = SUBSCRIPT.exec(rest);
    if (!hit) return void parent.append(rest);
    parent.append(rest.slice(0, hit.index + 1));
    make("sub", "", parent).textContent = hit[2] ?? hit[3];
    rest = rest.slice(hit.index + hit[0].length);
  }
}

/* With its role given: in a narrow place the table is laid out as blocks, which drops it. */
function tablePart(tag, name, parent, role) {
  const element = make(tag, name, parent);
  element.setAttribute("role", role);
  return element;
}
