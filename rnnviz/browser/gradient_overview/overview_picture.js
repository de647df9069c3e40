/* The picture that stands still: axes, bands, curves, and the points that time moves. */

import { line, shape, text } from "../_dom.js";
import { left } from "./overview_share.js";
import { curves, drops, gammas, ghosts, losses, nameEnds, place } from "./overview_lines.js";

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

export function paint(plot, view) {
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const svg = shape("svg", { role: "img", "aria-label": view.summary });
  plot.append(svg); // so that texts have a width
  const last = view.length - 1;
  const names = view.curves.map(({ name, state, color }, k) => {
    const one = text(svg, 0, 0, "", "end", "rv-name");
    one.append(shape("tspan"));
    one.firstChild.textContent = [name, state].join(" ").trim();
    const share = view.start > 1 ? left(view, k, 1) : "";
    if (share) one.append(Object.assign(shape("tspan", { class: "rv-left", dy: 13 }), { textContent: share }));
    one.style.fill = color;
    return one;
  });
  const room = Math.max(...names.map(({ children }) => (
    Math.max(...Array.from(children, (line) => line.getComputedTextLength()))
  ))) + 12;
  const ticks = yTicks(view, height - 66);
  const labels = ticks.map((v) => powerOfTen(svg, v));
  const gutter = Math.max(...labels.map((one) => one.getComputedTextLength())) + 8;
  const second = view.labels.length > 0;
  const box = { left: gutter + room, top: 22, right: 10, bottom: second ? 52 : 38 };
  box.width = Math.max(width - box.left - box.right, 20);
  box.height = Math.max(height - box.top - box.bottom, 20);
  const floor = box.top + box.height;
  const x = (t) => box.left + (t / Math.max(last, 1)) * box.width;
  const y = (v) => floor - ((v - view.low) / (view.high - view.low)) * box.height;
  const under = svg.insertBefore(shape("g"), svg.firstChild);

  bands(under, view, gutter, width - box.right, y);
  ticks.forEach((v, k) => {
    line(under, gutter, y(v), width - box.right, y(v), "rv-grid");
    place(labels[k], gutter - 6, y(v) + 4);
    labels[k].classList.add("rv-ytick");
    labels[k].dataset.value = v;
  });
  timeAxis(under, view, x, floor, box, width);
  if (!aboveIt(view, width)) title(svg, view);
  const placed = losses(svg, view, x, box);
  const taken = view.rows.map((row) => (t) => y(row[Math.round(t)]));
  placed.push(...drops(svg, view, x, y, box, taken));
  gammas(under, svg, view, x, y, box, taken, placed);
  ghosts(under, view, x, y);
  const ends = view.curves.map((curve, k) => curves(svg, curve, view.rows[k], view.start, x, y, box));
  nameEnds(svg, names, ends, view, x(0), box);

  const hover = line(svg, 0, box.top, 0, floor, "rv-hover");
  const dots = view.curves.map(({ color }) => {
    const dot = svg.appendChild(shape("circle", { r: 4, class: "rv-dot" }));
    dot.style.fill = color;
    return dot;
  });
  svg.append(shape("rect", {
    class: "rv-hit", x: gutter, y: 0, width: width - gutter, height: floor + 8,
  }));
  function point(t, between) {
    hover.style.display = between ? "" : "none";
    hover.setAttribute("transform", `translate(${x(t)})`);
    dots.forEach((dot, k) => {
      const v = view.start && t > view.start ? NaN : view.rows[k][t];
      dot.style.display = Number.isFinite(v) ? "" : "none";
      if (Number.isFinite(v)) dot.setAttribute("transform", `translate(${x(t)} ${y(v)})`);
    });
  }
  return { svg, box, x, point };
}

function yTicks(view, height) {
  const span = view.high - view.low;
  const step = STEPS.find((one) => (one / span) * height >= 34) ?? 1000;
  const found = [];
  for (let v = Math.ceil(view.low / step) * step; v <= view.high; v += step) found.push(v);
  return found;
}

function bands(parent, view, left, right, y) {
  const [least, most] = view.float;
  const band = (low, high, words, below) => {
    if (high <= low) return;
    const [top, height] = [y(high), y(low) - y(high)];
    parent.append(shape("rect", { class: "rv-band", x: left, y: top, width: right - left, height }));
    // In the corner that a line from the loss, at the right, does not cross.
    text(parent, right - 6, below ? y(low) - 5 : top + 14, words, "end");
  };
  band(view.low, Math.min(least, view.high), view.words.below, true);
  band(Math.max(most, view.low), view.high, view.words.above, false);
}

function timeAxis(parent, view, x, floor, box, width) {
  const last = view.length - 1;
  const one = box.width / Math.max(last, 1);
  line(parent, x(0), floor, x(last), floor, "rv-axis");
  const widest = (texts) => Math.max(0, ...texts.map((each) => {
    const probe = text(parent, 0, 0, each, "middle");
    const size = probe.getComputedTextLength();
    probe.remove();
    return size;
  }));
  const every = (size, gap) => STEPS.find((step) => step * one >= size + gap) ?? 1000;
  const step = every(widest([String(last)]), 22);
  for (let t = 0; t <= last; t += step) {
    line(parent, x(t), floor, x(t), floor + 4, "rv-axis");
    text(parent, x(t), floor + 17, String(t), "middle", "rv-xtick").dataset.value = t;
  }
  const clear = last % step ? (last % step) * one > widest([String(last)]) + 14 : false;
  if (clear) text(parent, x(last), floor + 17, String(last), "middle", "rv-xtick").dataset.value = last;
  if (view.labels.length) {
    const longest = [...view.labels].sort((a, b) => b.length - a.length).slice(0, 12);
    const size = widest(longest);
    const apart = every(size, size > 24 ? 16 : 3);
    let free = 0;
    for (let t = apart; t <= last; t += apart) {
      const at = Math.min(Math.max(x(t), size / 2), width - size / 2);
      if (at - size / 2 < free) continue;
      text(parent, at, floor + 33, view.labels[t - 1], "middle");
      free = at + size / 2 + 2;
    }
  }
  text(parent, x(last), floor + (view.labels.length ? 49 : 34), view.words.axis, "end");
}

/* Whether the title stands above the picture: its top line has the marks of the losses, and little
 * room for a long title. */
export const aboveIt = (view, width) => view.losses.length > 1 || view.words.title.length > 0.145 * width;

/* The title's parts, with whether each is a subscript: _x and _{xyz} are. */
export const titleParts = (title) => title.split(/(_\{[^}]*\}|_.)/).filter(Boolean)
  .map((part) => (part.startsWith("_") ? [part.replace(/[_{}]/g, ""), true] : [part, false]));

function title(svg, view) {
  const one = text(svg, 0, 12, "", "start");
  let lowered = false;
  for (const [part, sub] of titleParts(view.words.title)) {
    const span = one.appendChild(shape("tspan", sub ? { class: "rv-sub", dy: 3 } : lowered ? { dy: -3 } : {}));
    span.textContent = part;
    lowered = sub;
  }
}

/* 10 with its exponent raised, large enough to be read. */
function powerOfTen(svg, n) {
  const one = text(svg, 0, 0, n === 0 ? "1" : "10", "end");
  if (n === 0) return one;
  const exponent = one.appendChild(shape("tspan", { class: "rv-sub", dy: -4 }));
  exponent.textContent = String(n).replace("-", "−");
  return one;
}
