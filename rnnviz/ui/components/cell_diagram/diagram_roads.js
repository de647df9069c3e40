/* From a cell's description to places on the page: boxes, roads, and where roads part. */

const SIZES = {
  mini: { lane: 30, top: 16, box: [15, 15], ring: 4.5, word: 12, pill: [0, 0], reach: 1.5, most: 7 },
  compact: { lane: 41, top: 19, box: [30, 26], ring: 9, word: 36, pill: [42, 20], reach: 2, most: 10 },
  narrow: { lane: 58, top: 24, box: [38, 34], ring: 11, word: 42, pill: [46, 24], reach: 2.4, most: 12 },
  large: { lane: 84, top: 36, box: [62, 50], ring: 15, word: 58, pill: [66, 40], reach: 3.4, most: 17 },
};
const FROM_OUTSIDE = ["past", "input"];

function places(cell, width, size, aligned) {
  const lanes = cell.nodes.map(({ at }) => at[1]);
  const first = aligned ? 0 : Math.min(...lanes);
  const columns = Math.max(...cell.nodes.map(({ at }) => at[0]));
  const [half] = size.pill.map((n) => n / 2);
  const rim = half && half + 2;
  const pitch = (width - 2 * rim) / columns;
  const nodes = new Map();
  const spot = ([column, lane]) => [rim + column * pitch, size.top + (lane - first) * size.lane];
  for (const node of cell.nodes) {
    const [x, y] = spot(node.at);
    const [w, h] = node.op === "affine" ? size.box
      : [...FROM_OUTSIDE, "out"].includes(node.op) ? size.pill
      : node.op === "phi" ? [size.word, size.ring * 1.9]
      : [size.ring * 2, size.ring * 2];
    nodes.set(node.name, { ...node, x, y, w, h, lane: node.at[1], column: node.at[0] });
  }
  const exit = nodes.get("h_out");
  const side = exit.lane < 4 ? 1 : -1;
  const loss = { name: "loss", op: "loss", x: exit.x, y: exit.y + side * size.lane * 0.8, w: size.pill[0], h: size.ring * 1.8 };
  const bottom = aligned ? 4 : Math.max(...lanes, exit.lane + side * 0.8);
  return { nodes, loss, spot, height: size.top * 2 + (bottom - first) * size.lane };
}

/* Each wire as a polyline of horizontal and vertical legs, from its source to a port. */
function routes(cell, { nodes, spot }, size) {
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

/* The roads of one source, cut where they part: each piece knows the wires that share it. */
function pieces(routed) {
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
function drawn(points, radius) {
  let text = `M${points[0]}`;
  for (let k = 1; k < points.length - 1; k += 1) {
    const [a, b, c] = [points[k - 1], points[k], points[k + 1]];
    const r = Math.min(radius, length(a, b) / 2, length(b, c) / 2);
    text += `L${towards(b, a, r)}Q${b} ${towards(b, c, r)}`;
  }
  return `${text}L${points.at(-1)}`;
}

const length = ([a, b], [c, d]) => Math.abs(a - c) + Math.abs(b - d);
const towards = ([a, b], [c, d], r) => {
  const n = length([a, b], [c, d]) || 1;
  return [a + ((c - a) * r) / n, b + ((d - b) * r) / n];
};
