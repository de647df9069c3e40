/* The paths from node to node as lines on the page, and where they part. */

import { FROM_OUTSIDE } from "./diagram_places.js";

/* Each wire as a polyline of horizontal and vertical legs, from its source to a port. */
export function routes(cell, { nodes, spot }, size) {
  const found = cell.wires.map((wire, k) => {
    const [from, to] = [nodes.get(wire.from), nodes.get(wire.to)];
    return { wire, k, from, to, ...way(wire, from, to, cell, spot) };
  });
  for (const node of nodes.values()) {
    if (node.op !== "affine") continue;
    const below = found.filter((one) => one.to === node && one.enters === "below");
    below.sort((a, b) => a.level - b.level);
    below.forEach((one, k) => (one.port = (k - (below.length - 1) / 2) * size.box[0] * 0.5));
    const up = found.some((one) => one.from === node && one.to.lane < node.lane);
    for (const one of found) if (one.to === node && one.enters === "above") one.port = up ? -size.box[0] * 0.3 : 0;
  }
  return found.map((one) => ({ ...one, points: legs(one, spot) }));
}

function way(wire, from, to, cell, spot) {
  const level = wire.via ? spot(wire.via)[1] : from.y;
  const bus = FROM_OUTSIDE.includes(from.op) || (!from.name.endsWith("_out") && cell.next[from.name]);
  const kind = wire.via ? "via" : from.lane === to.lane ? "straight"
    : from.column === to.column ? "upright" : bus && to.op !== "out" ? "along" : "across";
  const flat = kind === "straight" || kind === "across" || (kind === "via" && level === to.y);
  return { kind, level, port: 0, enters: flat ? "left" : level > to.y ? "below" : "above" };
}

function legs({ wire, kind, from, to, port, enters }, spot) {
  const end = to.op === "affine" || to.op === "out"
    ? { left: [to.x - to.w / 2, to.y], below: [to.x + port, to.y + to.h / 2], above: [to.x + port, to.y - to.h / 2] }[enters]
    : [to.x, to.y];
  const start = [from.x, from.y];
  if (kind === "via") {
    const [x, y] = spot(wire.via);
    return enters === "left" ? [start, [x, from.y], [x, y], end] : [start, [x, from.y], [x, y], [end[0], y], end];
  }
  if (kind === "along") return [start, [end[0], from.y], end];
  if (kind === "across") return [start, [from.x, to.y], end];
  return [start, end];
}

/* The paths of one source, cut where they part: each piece knows the wires that share it. */
export function pieces(routed) {
  const bySource = new Map();
  for (const one of routed) bySource.set(one.from, [...(bySource.get(one.from) ?? []), one]);
  return [...bySource].flatMap(([from, wires]) => {
    const corners = wires.flatMap(({ points }) => points);
    const edges = new Map();
    for (const one of wires) {
      one.edges = [];
      one.points.slice(1).forEach((end, leg) => {
        const start = one.points[leg];
        const last = one.wire.weighted && leg === one.points.length - 2;
        const stops = [start, ...between(start, end, corners), end];
        stops.slice(1).forEach((p, k) => {
          const key = [stops[k], p].flat().map((n) => n.toFixed(1)).join();
          if (!edges.has(key)) edges.set(key, { from, points: [stops[k], p], wires: [], last });
          edges.get(key).wires.push(one);
          one.edges.push(edges.get(key));
        });
      });
    }
    return joined(wires);
  });
}

function joined(wires) {
  const done = new Set();
  const found = [];
  for (const { edges } of wires) {
    let open = null;
    for (const edge of edges) {
      if (done.has(edge)) {
        open = null;
        continue;
      }
      done.add(edge);
      const goesOn = open && open.last === edge.last && open.wires.length === edge.wires.length
        && open.wires.every((one) => edge.wires.includes(one));
      if (goesOn) open.points.push(edge.points[1]);
      else found.push((open = { ...edge, points: [...edge.points] }));
    }
  }
  return found;
}

/* The corners that lie inside a leg, in its direction. */
function between([x1, y1], [x2, y2], corners) {
  const inside = corners.filter(([x, y]) => {
    if (Math.abs(x1 - x2) < 0.01) return Math.abs(x - x1) < 0.01 && (y - y1) * (y - y2) < -0.01;
    return Math.abs(y - y1) < 0.01 && (x - x1) * (x - x2) < -0.01;
  });
  const far = ([x, y]) => Math.abs(x - x1) + Math.abs(y - y1);
  const sorted = inside.sort((a, b) => far(a) - far(b));
  return sorted.filter((p, k) => !k || far(p) - far(sorted[k - 1]) > 0.01);
}

/* A path with rounded corners. */
export function drawn(points, radius) {
  let text = `M${points[0]}`;
  for (let k = 1; k < points.length - 1; k += 1) {
    const [a, b, c] = [points[k - 1], points[k], points[k + 1]];
    const r = Math.min(radius, length(a, b) / 2, length(b, c) / 2);
    text += `L${towards(b, a, r)}Q${b} ${towards(b, c, r)}`;
  }
  return `${text}L${points.at(-1)}`;
}

export const length = ([a, b], [c, d]) => Math.abs(a - c) + Math.abs(b - d);

export const towards = ([a, b], [c, d], r) => {
  const n = length([a, b], [c, d]) || 1;
  return [a + ((c - a) * r) / n, b + ((d - b) * r) / n];
};

export function longest(points) {
  const legs = points.slice(1).map((p, k) => [points[k], p]);
  return legs.reduce((a, b) => (length(...b) > length(...a) ? b : a));
}

export function middle(points) {
  const [[x1, y1], [x2, y2]] = longest(points);
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}
