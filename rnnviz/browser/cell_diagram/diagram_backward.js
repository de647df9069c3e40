/* The gradient at a node: what comes back to it, and how it is passed on. */

import { make } from "../_dom.js";
import { added, ledgerOfPowers, power } from "./diagram_numbers.js";
import { termRow } from "./diagram_terms.js";

/* What meets at a node, adding up; and how the chain rule splits it over the operands. */
export function split(box, node, cell, view) {
  const meeting = pathsTo(node, cell, view);
  const parts = cell.wires.filter(({ to }) => to === node.name && node.op !== "out");
  const table = make("table", "rv-terms", box);
  const [first, second] = [make("tbody", "", table), make("tbody", "", table)];
  const nothing = make("p", "rv-quiet", box);
  const rows = (body, words, count) => {
    const caption = make("tr", "rv-caption", body);
    Object.assign(make("td", "", caption), { colSpan: 3, textContent: words });
    return Array.from({ length: count }, () => termRow(body, ""));
  };
  const collected = rows(first, view.words.collects, meeting.length);
  const total = termRow(first, "rv-total");
  const given = parts.length ? rows(second, view.words.splits, parts.length) : [];
  return (t) => {
    const powers = meeting.map(({ read }) => read(t));
    const sum = ledgerOfPowers(powers);
    nothing.textContent = powers.every(({ log }) => log === -Infinity) ? view.words.nothing : "";
    collected.forEach((row, k) => row.fill(meeting[k].name, sum.terms[k]));
    total.fill(view.words.total, sum.total);
    if (node.before) {
      const [after, before] = [added(powers), view.power(node.before, t)];
      const slope = { log: before.log - after.log, sign: before.sign * after.sign };
      total.after(after.log === -Infinity ? "" : `${view.words.slope.replace("{slope}", power(slope, 3))} → ${power(before, 3)}`);
    }
    given.forEach((row, k) => row.fill(parts[k].name, power(view.power(parts[k].back, t), 3)));
  };
}

/* The paths by which the gradient comes to a node; to a way out, from the next step and the loss. */
function pathsTo(node, cell, view) {
  const by = (wire, later = 0) => ({
    name: (later ? view.words.later : view.words.by).replace("{road}", wire.name),
    read: (t) => (t + later > view.length ? { log: -Infinity, sign: 0 } : view.power(wire.back, t + later)),
  });
  if (node.above) return [{ name: node.title, read: (t) => view.power(node.back, t) }];
  if (node.op !== "out") return cell.wires.filter(({ from }) => from === node.name).map((wire) => by(wire));
  const past = node.name.replace("_out", "_prev");
  const later = cell.wires.filter(({ from }) => from === past).map((wire) => by(wire, 1));
  return [...later, ...cell.wires.filter(({ from }) => from === node.name).map((wire) => by(wire))];
}
