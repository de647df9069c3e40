/* What lies over the axes: curves and their names, losses, and lines of constant decay. */

import { line, shape, text } from "../_dom.js";

const DASHES = { dash: "7 4", dot: "2 3", longdash: "12 5", dashdot: "8 3 2 3" };

/* Where the loss sits: small marks along the top, with one word beside them. Returns the word's
 * place. */
export function losses(svg, view, x, box) {
  if (!view.losses.length) return [];
  const last = view.length - 1;
  const size = Math.min(5, Math.max(1.5, (0.4 * box.width) / last));
  const mark = (t) => `M${x(t) - size} ${box.top - 8}h${2 * size}l${-size} 7z`;
  const others = view.losses.filter((t) => t !== view.start);
  if (others.length) svg.append(shape("path", { class: "rv-loss rv-other", d: others.map(mark).join("") }));
  if (view.start) svg.append(shape("path", { class: "rv-loss", d: mark(view.start) }));
  const [first, end] = [x(view.losses[0]), x(view.losses.at(-1))];
  const one = text(svg, end - size - 5, box.top - 1, view.words.loss, "end");
  if (view.losses.length > 1) place(one, end + size, box.top - 11);
  else if (first - one.getComputedTextLength() < box.left) {
    place(one, first + size + 5, box.top - 1);
    one.setAttribute("text-anchor", "start");
  }
  const { x: left, width } = one.getBBox();
  return [{ at: left + width / 2, level: box.top - 5, half: width / 2 }];
}

export function gammas(under, over, view, x, y, box, taken, placed) {
  for (const { factor, from, top, back, slope } of view.references) {
    const v = (steps) => top + slope * steps;
    const one = text(over, 0, 0, `γ = ${factor}`, "middle");
    const half = one.getComputedTextLength() / 2 + 3;
    const spots = [];
    for (let share = 0.96; share > 0.1; share -= 0.04) {
      const [at, level] = [x(from - share * back), y(v(share * back)) - 5];
      if (at - half < box.left || at + half > box.left + box.width || level < box.top + 8) continue;
      spots.push({ at, level, clear: room(at, level - 4, half, taken, placed, x) });
    }
    const best = spots.find(({ clear }) => clear > 14) ?? spots.sort((a, b) => b.clear - a.clear)[0];
    if (!best || (factor !== 1 && best.clear < 6)) {
      one.remove(); // a line that cannot be named only confuses
      continue;
    }
    line(under, x(from), y(top), x(from - back), y(v(back)), "rv-gamma");
    place(one, best.at, best.level);
    placed.push({ at: best.at, level: best.level - 4, half });
  }
}

/* Pixels between a text and the nearest curve or other text. */
function room(at, level, half, taken, placed, x) {
  const step = (x(1) - x(0)) || 1;
  let least = Infinity;
  for (const curve of taken) {
    for (let px = at - half; px <= at + half; px += Math.max(4, step)) {
      const v = curve((px - x(0)) / step);
      if (Number.isFinite(v)) least = Math.min(least, Math.abs(v - level));
    }
  }
  for (const one of placed) {
    if (Math.abs(one.at - at) < half + one.half) least = Math.min(least, Math.abs(one.level - level) - 8);
  }
  return least;
}

/* The line with gaps where there is no number; crosses for exact zeros and for what is lost.
 * Returns where it starts on the left, or null. */
export function curves(svg, { name, color, dash, last }, row, start, x, y, box) {
  let d = "";
  let [open, end, zeros, strange] = [false, null, "", ""];
  const cross = (t, level) => `M${x(t) - 2.5} ${level - 2.5}l5 5m0 -5l-5 5`;
  row.forEach((v, t) => {
    if ((start && t > start) || t > last) return; // after its own step a loss sends nothing
    const known = Number.isFinite(v);
    if (known) {
      const alone = !open && !Number.isFinite(row[t + 1]);
      d += `${open ? "L" : "M"}${x(t).toFixed(2)} ${y(v).toFixed(2)}${alone ? "h0.01" : ""}`;
      end ??= [x(t), y(v)];
    } else if (v === -Infinity) zeros += cross(t, box.top + box.height);
    else if (t > 0) strange += cross(t, box.top);
    open = known;
  });
  const path = svg.appendChild(shape("path", { class: "rv-line", d, "stroke-linecap": "round" }));
  path.style.stroke = color;
  path.dataset.name = name;
  if (DASHES[dash]) path.setAttribute("stroke-dasharray", DASHES[dash]);
  if (zeros) svg.appendChild(shape("path", { class: "rv-mark", d: zeros })).style.stroke = color;
  if (strange) svg.append(shape("path", { class: "rv-mark rv-strange", d: strange }));
  return end ?? [x(0), zeros ? box.top + box.height : box.top];
}

/* Falls that have a name: beside the curve a line as long as the fall, and below it, where there is
 * room, its words. */
export function drops(svg, view, x, y, box, taken) {
  const found = [];
  view.curves.forEach(({ color, drop }, k) => {
    if (!drop) return;
    const [from, to, words] = drop;
    const [top, floor] = [y(view.rows[k][from]), y(view.rows[k][to])];
    const at = x(to) - 7;
    const one = text(svg, 0, 0, words, "middle", "rv-drop-words");
    one.style.fill = color;
    const half = one.getComputedTextLength() / 2;
    const middle = Math.min(Math.max(at, box.left + half), box.left + box.width - half - 8);
    let level = floor + 14;
    while (level < box.top + box.height - 10 && room(middle, level - 4, half, taken, found, x) < 12) level += 6;
    place(one, middle, level);
    const path = shape("path", {
      class: "rv-drop", d: `M${at - 4} ${top}h8m-4 0V${floor}m-4 0h8m-4 0V${Math.max(level - 13, floor)}`,
    });
    path.style.stroke = color;
    svg.insertBefore(path, one);
    found.push({ at: middle, level: level - 4, half });
  });
  return found;
}

/* The curves as they were before a change: thin, without marks. */
export function ghosts(svg, view, x, y) {
  view.ghosts.forEach(({ name, color }, k) => {
    let [d, open] = ["", false];
    view.before[k].forEach((v, t) => {
      if (Number.isFinite(v)) d += `${open ? "L" : "M"}${x(t).toFixed(2)} ${y(v).toFixed(2)}`;
      open = Number.isFinite(v);
    });
    const path = svg.appendChild(shape("path", { class: "rv-ghost", d }));
    path.style.stroke = color;
    path.dataset.name = name;
  });
}

/* Names in a column before t = 0, moved apart to be read, each tied to its line. */
export function nameEnds(svg, names, ends, view, left, box) {
  const order = ends.map(([, at], k) => ({ k, at })).sort((a, b) => a.at - b.at);
  const lines = Math.max(...names.map(({ children }) => children.length));
  const below = 13 * (lines - 1); // pixels from a name to its last line
  let least = box.top + 6;
  for (const one of order) {
    one.at = Math.max(one.at, least);
    least = one.at + 17 + below;
  }
  let most = box.top + box.height - 4 - below;
  for (const one of [...order].reverse()) {
    one.at = Math.min(one.at, most);
    most = one.at - 17 - below;
  }
  for (const { k, at } of order) {
    place(names[k], left - 10, at + 4.5);
    for (const line of names[k].children) line.setAttribute("x", left - 10);
    const [endX, endY] = ends[k];
    if (Math.abs(endY - at) < 5 && endX - left < 3) continue;
    const lead = line(svg, left - 8, at, Math.min(endX, left + 2), endX - left < 3 ? endY : at, "rv-leader");
    lead.style.stroke = view.curves[k].color;
  }
}

export function place(one, x, y) {
  one.setAttribute("x", x);
  one.setAttribute("y", y);
}
