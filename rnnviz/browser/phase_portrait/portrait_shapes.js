/* What stands still in a portrait: axes, arrows, curves, fixed points. */

import { line, shape, text } from "../_dom.js";
import { FAR, step } from "./portrait_system.js";

export function paint(plot, view) {
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const svg = shape("svg", { role: "img", "aria-label": view.summary });
  plot.append(svg);
  const box = { left: 40, top: 8, right: width - 8, bottom: height - 36 };
  const { reach } = view;
  const scale = (box.right - box.left) / (2 * reach);
  const down = (box.bottom - box.top) / (2 * reach);
  const x = (v) => box.left + (clamp(v) + reach) * scale;
  const y = (v) => box.bottom - (clamp(v) + reach) * down;
  const picture = {
    svg, x, y, toX: (px) => (px - box.left) / scale - reach, toY: (py) => (box.bottom - py) / down - reach,
  };
  axes(svg, view, picture, box);
  const id = `rv-clip-${Math.round(width)}-${view.size}`;
  const clip = svg.appendChild(shape("clipPath", { id }));
  clip.append(shape("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top }));
  const under = svg.appendChild(shape("g", { "clip-path": `url(#${id})` }));
  if (view.size === 1) {
    line(under, x(-reach), y(-reach), x(reach), y(reach), "rv-diagonal");
    curve(under, view, picture, view.b, "rv-map-curve");
    picture.shifted = under.appendChild(shape("path", { class: "rv-map-curve rv-shifted" }));
  } else {
    field(under, view, picture, scale);
    view.directions.forEach(([dx, dy]) => line(under, x(-dx), y(-dy), x(dx), y(dy), "rv-direction"));
    view.W.forEach((_, i) => {
      const d = nullcline(view, picture, i);
      under.appendChild(shape("path", { class: "rv-nullcline", d })).style.stroke = view.colors[i];
      const taken = view.fixed.map((one) => [x(one.x[0]), y(one.x[1])]);
      if (d) named(svg, d, `Δx${"₁₂"[i]} = 0`, view.colors[i], box, taken);
    });
  }
  picture.later = under.appendChild(shape("path", { class: "rv-orbit rv-later" }));
  picture.past = under.appendChild(shape("path", { class: "rv-orbit" }));
  picture.dots = under.appendChild(shape("path", { class: "rv-orbit-dots" }));
  for (const { x: at, stable, slope } of view.fixed) {
    const [px, py] = [x(at[0]), y(at[1] ?? at[0])];
    under.append(shape("circle", { cx: px, cy: py, r: 5, class: stable ? "rv-fixed rv-stable" : "rv-fixed" }));
    if (view.size === 1) {
      const left = !stable || at[0] > 0.55 * reach;
      const one = text(svg, px + (left ? -12 : 10), py + (left ? -10 : 16), slope, left ? "end" : "start");
      one.classList.add("rv-slope");
    }
  }
  picture.here = svg.appendChild(shape("circle", { r: 6, class: "rv-here" }));
  return picture;
}

/* The curve's name beside it, at its highest point that leaves room. */
function named(svg, d, words, color, box, taken) {
  const points = [...d.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map((one) => [Number(one[1]), Number(one[2])]);
  const free = points.filter(([px, py]) => py > box.top + 40 && px < box.right - 60 && px > box.left &&
    taken.every(([a, b]) => px + 60 < a || px > a + 8 || Math.abs(py - 8 - b) > 16));
  const [px, py] = (free.length ? free : points).reduce((a, b) => (b[1] < a[1] ? b : a));
  const one = text(svg, Math.min(px + 6, box.right - 50), Math.max(py - 4, box.top + 26), words, "start");
  one.classList.add("rv-slope");
  one.style.fill = color;
}

const clamp = (v) => Math.min(Math.max(v, -FAR), FAR);

function axes(svg, view, { x, y }, box) {
  const tick = ticks(view.reach);
  for (let k = -Math.floor(view.reach / tick); k * tick <= view.reach; k += 1) {
    const v = k * tick;
    line(svg, x(v), box.top, x(v), box.bottom, k ? "rv-grid" : "rv-axis");
    line(svg, box.left, y(v), box.right, y(v), k ? "rv-grid" : "rv-axis");
    const words = String(Number(v.toPrecision(3))).replace("-", "−");
    text(svg, x(v), box.bottom + 16, words, "middle");
    text(svg, box.left - 6, y(v) + 4, words, "end");
  }
  text(svg, box.right, box.bottom + 33, view.axes[0], "end").classList.add("rv-axis-name");
  text(svg, box.left + 8, box.top + 13, view.axes[1], "start").classList.add("rv-axis-name");
}

const ticks = (reach) => [0.5, 1, 2, 5, 10, 20].find((one) => reach / one <= 4) ?? 50;

function curve(parent, view, picture, force, name) {
  parent.append(shape("path", { class: name, d: graph(view, picture, force) }));
}

export function graph(view, { x, y }, force) {
  let d = "";
  for (let k = 0; k <= 160; k += 1) {
    const v = (k / 80 - 1) * view.reach;
    d += `${k ? "L" : "M"}${x(v).toFixed(1)} ${y(step(view, [v], force)[0]).toFixed(1)}`;
  }
  return d;
}

/* One step from each point of a grid, without input: long steps are drawn shorter. */
function field(parent, view, { x, y }, scale) {
  const count = scale * view.reach < 170 ? 9 : 13;
  const gap = (2 * view.reach) / count;
  let d = "";
  for (let i = 0; i < count; i += 1) {
    for (let j = 0; j < count; j += 1) {
      const from = [(i + 0.5) * gap - view.reach, (j + 0.5) * gap - view.reach];
      const to = step(view, from, view.b);
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const size = Math.hypot(dx, dy);
      if (size < 1e-3 * view.reach) continue;
      const long = (0.95 * gap * scale * size) / (size + 0.5 * gap);
      const [ux, uy] = [dx / size, -dy / size];
      const [px, py] = [x(from[0]), y(from[1])];
      const [ex, ey] = [px + ux * long, py + uy * long];
      const head = Math.min(4, long / 2);
      d += `M${px.toFixed(1)} ${py.toFixed(1)}L${ex.toFixed(1)} ${ey.toFixed(1)}` +
        `m${(-head * (ux + 0.6 * uy)).toFixed(1)} ${(-head * (uy - 0.6 * ux)).toFixed(1)}` +
        `L${ex.toFixed(1)} ${ey.toFixed(1)}` +
        `l${(-head * (ux - 0.6 * uy)).toFixed(1)} ${(-head * (uy + 0.6 * ux)).toFixed(1)}`;
    }
  }
  parent.append(shape("path", { class: "rv-field", d }));
}

/* Where unit i stands still, x_i = f_i(x): cells of a grid in which the sign of f_i − x_i changes. */
function nullcline(view, { x, y }, i) {
  if (!view.tanh) return "";
  const n = 60;
  const at = (k) => (2 * k / n - 1) * view.reach;
  const g = Array.from({ length: n + 1 }, (_, j) => Array.from({ length: n + 1 }, (__, k) => {
    const p = [at(k), at(j)];
    return step(view, p, view.b)[i] - p[i];
  }));
  let d = "";
  for (let j = 0; j < n; j += 1) {
    for (let k = 0; k < n; k += 1) {
      const found = [];
      const edge = (j1, k1, j2, k2) => {
        const [a, b] = [g[j1][k1], g[j2][k2]];
        if (a < 0 === b < 0) return;
        const s = a / (a - b);
        found.push(`${x(at(k1 + s * (k2 - k1))).toFixed(1)} ${y(at(j1 + s * (j2 - j1))).toFixed(1)}`);
      };
      edge(j, k, j, k + 1);
      edge(j + 1, k, j + 1, k + 1);
      edge(j, k, j + 1, k);
      edge(j, k + 1, j + 1, k + 1);
      for (let m = 0; m + 1 < found.length; m += 2) d += `M${found[m]}L${found[m + 1]}`;
    }
  }
  return d;
}
