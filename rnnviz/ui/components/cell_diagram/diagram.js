/* The cell, drawn and alive. Listens for "rv-time" (see stage.js); data is one blob:
 * uint32 header size, JSON header, float64 values (n_slots, length) row by row. */

export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-cells", parent);
  root.setAttribute("data-rv-view", "");
  const state = { view: null, maps: [], t: 0, width: 0, send: () => {}, kept: {}, table: () => {} };
  const tip = make("div", "rv-tip", root);
  tip.hidden = true;
  state.slider = wireSlider(root, state);
  const follow = (event) => paint(event.detail.t);
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - state.width) < 1) return;
    state.width = contentRect.width;
    draw();
  });
  // Dashes that nobody sees need not move.
  const sight = new IntersectionObserver(([{ isIntersecting }]) => root.toggleAttribute("data-still", !isIntersecting));
  document.addEventListener("rv-time", follow);
  sizes.observe(root);
  sight.observe(root);

  function draw() {
    const { view } = state;
    if (!view || !state.width) return;
    const open = state.maps.map((map) => map.opened);
    const focused = state.maps.findIndex((map) => map.figure.contains(document.activeElement));
    const part = focused < 0 ? null : state.maps[focused].at;
    // The tip and the slider stay, and with it what is being dragged.
    for (const one of [...root.children]) if (one !== tip && one !== state.slider.box) one.remove();
    root.dataset.size = view.large ? "large" : "compact";
    root.toggleAttribute("data-back", view.back);
    for (const [name, colors] of Object.entries(view.colors)) {
      colors.forEach((color, k) => root.style.setProperty(`--rv-${name}-${k}`, color));
    }
    const place = make("div", "rv-maps", root);
    tip.hidden = true;
    // All of them first: how many fit side by side decides how wide each is.
    const figures = view.cells.map(() => make("figure", "rv-map", place));
    const fit = Math.max(Math.floor((state.width + 24) / 240), 1);
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
      state.width = root.getBoundingClientRect().width;
      draw();
    },
    unmount() {
      document.removeEventListener("rv-time", follow);
      sizes.disconnect();
      sight.disconnect();
      root.remove();
    },
  };
}

/* ---- one cell ------------------------------------------------------------------- */

function drawCell(figure, cell, state, tip) {
  const { view } = state;
  figure.style.setProperty("--rv-cell", cell.color);
  if (!view.large) title(figure, cell, state);
  const across = view.large ? state.width : Math.max(figure.getBoundingClientRect().width, 240);
  const size = SIZES[!view.large ? "compact" : across < 640 ? "narrow" : "large"];
  const numbers = size === SIZES.large;
  const spots = places(cell, across, size, !view.large && across < state.width * 0.9);
  const svg = shape("svg", { width: across, height: spots.height, role: "group" }, figure);
  svg.setAttribute("aria-label", `${cell.title}: ${view.back ? view.words.back : view.words.large}`);
  const painters = [];
  const parts = [];
  const roads = pieces(routes(cell, spots, size));
  const main = mainRoad(cell, spots.nodes);
  roads.push(lossRoad(cell, spots));
  const told = numbers ? new Set(roads.filter(worthANumber(view, roads))) : new Set();
  let from = null;
  let layer = null;
  for (const road of roads) {
    if (road.from !== from) layer = ["rv-under", "rv-beds", ""].map((name) => shape("g", { class: name }, svg));
    from = road.from;
    parts.push(drawRoad(layer, road, main.has(road.from.name) && road.points.every(([, y]) => y === road.from.y), view, cell, size, painters, told.has(road)));
  }
  for (const node of spots.nodes.values()) {
    const stub = stubOf(node, cell, roads, [...spots.nodes.values()]);
    if (stub) parts.push(drawBias(svg, node, view, cell, size, painters, stub));
  }
  for (const node of [...spots.nodes.values(), spots.loss]) {
    parts.push(drawNode(svg, node, view, cell, size, painters, numbers, spots));
  }
  if (!view.large && cell.road) setHtmlSymbol(make("figcaption", "rv-caption-line", figure), cell.road);
  if (view.large && !numbers) gaugesBelow(figure, cell);
  if (view.large && cell.units) unitStrip(figure, cell, state, painters);
  const sums = view.large ? arithmetic(figure, cell, state) : null;
  const map = { figure, parts, opened: null, at: null, paint, open, focus, has: (name) => Boolean(name) && parts.some(({ node }) => node?.name === name) };
  interact(svg, parts, map, state, tip, cell);

  function paint(t) {
    for (const painter of painters) painter(t);
    sums?.paint(t);
    if (map.at) map.say(t);
  }
  function open(name) {
    if (!sums) return state.send("choose", cell.name);
    map.opened = map.opened === name ? null : name;
    sums.show(map.opened);
    svg.querySelectorAll("[data-open]").forEach((one) => one.removeAttribute("data-open"));
    const part = parts.find(({ node }) => node?.name === map.opened);
    part?.element.setAttribute("data-open", "");
  }
  function focus(name) {
    parts.find((one) => one.key === name)?.element.focus();
  }
  return map;
}

function title(figure, cell, { view, send }) {
  const button = make("button", "rv-choose", figure);
  button.type = "button";
  button.textContent = cell.title;
  button.setAttribute("aria-pressed", cell.name === view.chosen);
  button.title = view.words.choose.replace("{cell}", cell.title);
  button.addEventListener("click", () => send("choose", cell.name));
  figure.toggleAttribute("data-chosen", cell.name === view.chosen);
}

function lossRoad(cell, { nodes, loss }) {
  const out = nodes.get("h_out");
  const h = cell.nodes.find(({ name }) => name === "h_out");
  const wire = { name: cell.loss.name, passes: h.value, brings: h.value, back: cell.loss.rows };
  return { from: out, points: [[out.x, out.y], [loss.x, loss.y - (Math.sign(loss.y - out.y) * loss.h) / 2]], wires: [{ wire }], loss: true };
}

/* ---- roads ------------------------------------------------------------------------ */

/* Halo and bed of all roads of a source lie below their flows: no seams where they part. */
function drawRoad([halos, beds, layer], road, isMain, view, cell, size, painters, numbers) {
  const path = drawn(road.points, size.ring * 0.7);
  const element = shape("g", { class: "rv-road", tabindex: -1, role: "img" }, layer);
  if (isMain) element.setAttribute("data-main", "");
  const bed = isMain ? size.most + 9 : 3;
  shape("path", { d: path, class: "rv-halo", "stroke-width": bed + 5 }, halos);
  const under = shape("path", { d: path, class: "rv-bed", "stroke-width": bed }, beds);
  const flow = shape("path", { d: path, class: "rv-flow" }, element);
  const dash = shape("path", { d: path, class: "rv-dash" }, element);
  shape("path", { d: path, class: "rv-touch" }, element);
  const read = (t) => reading(road, view, t);
  const quiet = (t) => road.loss && view.power(cell.loss.rows, t).log === -Infinity;
  let last = "";
  painters.push((t) => {
    const { look, width } = quiet(t) ? { look: "none", width: 0 } : appearance(read(t), view.back, size);
    const now = `${look} ${width}`;
    if (now === last) return;
    last = now;
    flow.dataset.look = look;
    flow.setAttribute("stroke-width", width);
    dash.setAttribute("stroke-width", Math.max(width * 0.3, 1.3));
    dash.dataset.look = look;
  });
  if (numbers) painters.push(roadNumber(element, road, read, view));
  const ends = road.wires.map(({ wire }) => symbolIn(cell, wire.to)).join(", ");
  const whole = road.wires.length === 1 && (road.last || !road.wires[0].wire.weighted);
  const name = whole ? road.wires[0].wire.name : `${symbolIn(cell, road.from.name)} → ${ends}`;
  const where = middle(road.points);
  const part = { key: `${road.from.name}>${road.wires.map(({ k }) => k)}${road.last ?? ""}`, element, under, name, read, where, source: road.from };
  const [{ wire, to }] = road.wires;
  const group = road.last && groupOf(wire, cell);
  if (!group || cell.sums[to.name].held) return part;
  knob(element, knobAt(road.points, size), size, isEdited([group]));
  return setOnWire(part, [group], to, road.points.at(-2)[1] === road.points.at(-1)[1]);
}

/* Where a number says something new: not what the box it leaves says, nor the same one twice. */
const worthANumber = (view, roads) => (road) => {
  if (road.loss || length(...longest(road.points)) < 40) return false;
  const same = roads.filter((one) => one.from === road.from && !one.last);
  if (view.back) {
    // Where a wire turns off alone, its last leg says it.
    if (!road.last && road.wires.length === 1 && roads.some((one) => one.last && one.wires[0] === road.wires[0])) return false;
    const told = road.from.op === "affine" || FROM_OUTSIDE.includes(road.from.op);
    return !(told && road.wires.length === roads.filter((one) => one.from === road.from).flatMap((one) => one.wires).filter((one, k, all) => all.indexOf(one) === k).length);
  }
  if (road.last) return true;
  if (road.from.op === "affine" || FROM_OUTSIDE.includes(road.from.op)) return false;
  const far = (one) => length(...longest(one.points));
  return same.every((one) => far(one) < far(road) || (far(one) === far(road) && one === road) || one === road);
};

function roadNumber(element, road, read, view) {
  const [a, b] = longest(road.points);
  const upright = a[0] === b[0];
  const port = road.wires[0].port ?? 0;
  const side = upright && port < 0 ? -1 : 1;
  const [x, y] = road.wires.length === 1 && road.last && upright ? [b[0], b[1] + (a[1] > b[1] ? (port < 0 ? 31 : 15) : -18)] : middle(road.points);
  const text = shape("text", { class: "rv-small", x: upright ? x + side * 10 : x, y: upright ? y + 4 : y - 12 }, element);
  text.setAttribute("text-anchor", upright ? (side < 0 ? "end" : "start") : "middle");
  if (!upright && element.hasAttribute("data-main")) text.setAttribute("y", y - 16);
  return (t) => write(text, view.back ? short(read(t)) : plain(read(t).value, road.last ? 2 : 3));
}

/* ---- nodes ------------------------------------------------------------------------- */

function drawNode(svg, node, view, cell, size, painters, numbers, spots) {
  const { x, y, w, h, op } = node;
  const element = shape("g", { class: "rv-node", tabindex: -1, role: "button", "data-op": op }, svg);
  element.style.setProperty("--rv-own", node.color ?? "currentColor");
  const read = (t) => {
    if (op === "loss") return view.back ? view.power(cell.loss.rows, t) : { value: NaN };
    return view.back ? view.power(node.back, t) : { value: view.at(node.value, t) };
  };
  const ends = [...FROM_OUTSIDE, "out", "loss"];
  const known = ["affine", "times", "plus", "rest", "share", "phi", ...ends];
  const boxed = op === "affine" || !known.includes(op);
  const fill = boxed && box(element, node, view, size, painters);
  if (op === "times") ring(element, node, view, cell, painters);
  else if (["plus", "rest", "share"].includes(op)) shape("circle", { cx: x, cy: y, r: w / 2, class: "rv-face" }, element);
  else if (op === "phi") shape("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: h / 2, class: "rv-face" }, element);
  else if (!boxed) pill(element, node, view);
  const printed = numbers && ["affine", "past", "input", "out"].includes(op);
  const symbol = op === "loss" ? "L" : ["past", "input", "out"].includes(op) ? node.symbol : node.face;
  const label = shape("text", { class: "rv-face-text", x, y: y + (printed ? -3 : 5), "text-anchor": "middle" }, element);
  setSymbol(label, symbol);
  if (op === "times") label.remove();
  if (op === "loss") {
    painters.push((t) => element.toggleAttribute("data-off", view.power(cell.loss.rows, t).log === -Infinity));
  }
  const text = printed && shape("text", { class: "rv-small", x, y: y + 14, "text-anchor": "middle" }, element);
  if (printed) {
    painters.push((t) => write(text, view.back ? short(read(t)) : plain(read(t).value)));
  }
  if (numbers && node.meaning && op === "affine") gauge(svg, node);
  const words = [node.symbol ?? "L", node.title ?? cell.loss.name].join(", ");
  // As it would be with another weight, until the next painting.
  const preview = (value) => {
    fill(value);
    if (text && !view.back) write(text, plain(value));
  };
  return { key: node.name, node, element, name: words, read, where: [x, y - h / 2], means: node.means, preview };
}

/* Filled as far as it is open; what runs from −1 to 1 is filled from the middle. */
function box(element, { x, y, w, h, kind, value, phi }, view, size, painters) {
  const gate = kind === "gate" || phi === "σ";
  shape("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 3, class: "rv-face" }, element);
  const inner = h - 2;
  const level = shape("rect", { x: x - w / 2 + 1, y: y - h / 2 + 1, width: w - 2, height: inner, class: "rv-level" }, element);
  const line = shape("path", { class: "rv-line" }, element);
  const tick = w * 0.2;
  const fill = (v) => {
    const share = gate ? v : Math.min(Math.max(v, -1), 1) / 2;
    const base = gate ? y + inner / 2 : y;
    const top = Number.isFinite(share) ? base - share * inner : base;
    level.setAttribute("y", Math.min(base, top).toFixed(1));
    level.setAttribute("height", Math.abs(base - top).toFixed(1));
    line.setAttribute("d", `M${x - w / 2},${top}h${tick}M${x + w / 2},${top}h${-tick}`);
  };
  painters.push((t) => fill(view.at(value, t)));
  return fill;
}

/* A product with a gate is a valve: its shutters meet where the gate is shut. */
function ring(element, { x, y, w, name }, view, cell, painters) {
  const r = w / 2;
  shape("circle", { cx: x, cy: y, r, class: "rv-face" }, element);
  const inputs = cell.wires.filter(({ to }) => to === name).map(({ from }) => cell.nodes.find((n) => n.name === from));
  const gate = inputs.find(({ kind, op }) => kind === "gate" || op === "rest");
  if (gate) {
    const source = gate.op === "rest" && gate.kind !== "gate" ? cell.nodes.find((n) => cell.wires.some((wire) => wire.to === gate.name && wire.from === n.name)) : gate;
    element.style.setProperty("--rv-own", source.color);
    const shutters = [-1, 1].map(() => shape("path", { class: "rv-shutter" }, element));
    painters.push((t) => {
      const open = Math.min(Math.max(view.at(gate.value, t), 0), 1);
      shutters.forEach((one, k) => one.setAttribute("d", Number.isFinite(open) ? cap(x, y, r - 1, open, k ? 1 : -1) : ""));
    });
  }
  shape("circle", { cx: x, cy: y, r, class: "rv-rim" }, element);
  shape("circle", { cx: x, cy: y, r: Math.max(r * 0.17, 1.8), class: "rv-dot" }, element);
}

/* The part of a disc beyond a chord at height `open` · r from its middle. */
function cap(x, y, r, open, side) {
  const half = Math.sqrt(Math.max(1 - open * open, 0)) * r;
  const level = y + side * open * r;
  return `M${x - half},${level}A${r},${r} 0 0 ${side < 0 ? 1 : 0} ${x + half},${level}Z`;
}

/* What comes in and goes out points the way it goes. */
function pill(element, { x, y, w, h, op }, view) {
  const [a, b, d] = [w / 2, h / 2, Math.min(h / 3, 8)];
  const side = view.back ? -1 : 1;
  const shapeOf = op === "loss"
    ? [[-b * 1.3, -b], [b * 1.3, -b], [b * 1.3, b], [-b * 1.3, b]]
    : [[-a, -b], [a - d, -b], [a, 0], [a - d, b], [-a, b]];
  const points = shapeOf.map(([p, q]) => [x + side * p, y + q]).join(" ");
  shape("polygon", { points, class: "rv-face" }, element);
}

/* What the two ends of a gate's gauge mean, at those ends. */
function gauge(svg, { x, y, w, h, meaning }) {
  meaning.forEach((words, k) => {
    const text = shape("text", { class: "rv-gauge", x: x + w / 2 + 6, y: k ? y + h / 2 : y - h / 2 + 9 }, svg);
    text.textContent = `${1 - k} ${words}`;
  });
}

function gaugesBelow(figure, cell) {
  const list = make("p", "rv-gauges", figure);
  for (const { symbol, means, color } of cell.nodes.filter((node) => node.meaning)) {
    const one = make("span", "", list);
    const sign = make("b", "", one);
    setHtmlSymbol(sign, symbol);
    sign.style.color = color;
    one.append(` ${means}`);
  }
}

/* ---- legend ------------------------------------------------------------------------------ */

function legend(root, view) {
  const { words, back, large } = view;
  const size = large ? SIZES[root.getBoundingClientRect().width < 640 ? "narrow" : "large"] : SIZES.compact;
  const line = make("p", "rv-key", root);
  const scale = back ? [-6, -3, 0] : [-2, -1, 0];
  const wedge = make("span", "", line);
  wedge.append(`${words.width} `);
  for (const log of scale) {
    const { width } = appearance(back ? { log, sign: 1 } : { value: 10 ** log }, back, size);
    const bar = make("i", "", wedge);
    bar.style.height = `${width}px`;
    wedge.append(log ? `10${raised(log)}` : "1");
  }
  for (const name of ["minus", "plus"]) {
    const one = make("span", "", line);
    const bar = make("i", "", one);
    Object.assign(bar.style, { height: "6px", background: `var(--rv-${name}-1)` });
    one.append(words[name]);
  }
  make("span", "", line).textContent = words.below.replace("{value}", back ? "10⁻⁹" : "10⁻³");
  if (large) make("p", "rv-key", root).textContent = `${words.hint} ${words.knob}`;
}

