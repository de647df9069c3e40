/* The cell unrolled: timesteps side by side, their weights the same, the gradient coming back.
 * Listens for "rv-time"; the packet is that of diagram.js for one cell, with the gradient's norms. */

const FLOOR = -7; // the log₁₀ of the norm at which the ribbon is as thin as it gets

export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-cells rv-unrolled", parent);
  root.setAttribute("data-rv-view", "");
  let [view, width, paint, table] = [null, 0, () => {}, () => {}];
  const kept = {};
  const follow = (event) => step(event.detail.t);
  const step = (t) => {
    if (!view) return;
    const at = Math.min(Math.max(t, 1), view.length);
    paint(at);
    table(at);
    root.dataset.t = at;
  };
  function draw() {
    if (!view || !width) return;
    root.replaceChildren();
    root.toggleAttribute("data-back", view.back);
    for (const [name, colors] of Object.entries(view.colors)) {
      colors.forEach((color, k) => root.style.setProperty(`--rv-${name}-${k}`, color));
    }
    paint = unroll(root, view, width);
    table = dataTable(root, view, unrolledTable(view), kept);
    step(moment() || view.length);
  }
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 1) return;
    width = contentRect.width;
    draw();
  });
  const sight = new IntersectionObserver(([{ isIntersecting }]) => root.toggleAttribute("data-still", !isIntersecting));
  document.addEventListener("rv-time", follow);
  sizes.observe(root);
  sight.observe(root);
  return {
    update(data) {
      view = unpack(data);
      width = root.getBoundingClientRect().width;
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

function unroll(root, view, width) {
  const reach = width >= 700 ? 3 : width >= 480 ? 2 : 1;
  const count = 2 * reach + 1;
  const { cell, words } = view;
  const size = SIZES.mini;
  const pitch = width / count;
  const spots = places(cell, pitch, size, false);
  const lanes = [...spots.nodes.values()].map(({ y }) => y);
  const [top, bottom] = [34, Math.max(...lanes) + 16];
  const ribbons = view.norms.map((one, k) => ({ ...one, y: top + bottom + 82 + k * 88 }));
  const height = ribbons.at(-1).y + 40;
  const svg = shape("svg", { width, height, role: "img" }, root);
  shape("rect", { x: reach * pitch, y: 0, width: pitch, height, class: "rv-now" }, svg);
  const columns = Array.from({ length: count }, (_, k) => {
    const x = k * pitch;
    const group = shape("g", { transform: `translate(${x},${top})` }, svg);
    const head = label(svg, x + pitch / 2, 14, "middle");
    const loss = label(svg, x + pitch / 2, 30, "middle");
    loss.setAttribute("class", "rv-quiet-text");
    return { offset: k - reach, group, head, loss, tile: tile(group, view, cell, spots, size) };
  });
  const weights = shared(svg, cell, words, pitch, count, top + bottom + 12);
  const painted = ribbons.map((one) => ribbon(svg, one, view, pitch, count, reach));

  return (t) => {
    const said = [];
    for (const { offset, group, head, loss, tile: show } of columns) {
      const at = t + offset;
      const inside = at >= 1 && at <= view.length;
      group.toggleAttribute("hidden", !inside);
      group.style.display = inside ? "" : "none";
      const away = offset ? ` (t ${offset < 0 ? "−" : "+"} ${Math.abs(offset)})` : " (t)";
      write(head, inside ? `${at}${away}` : at === 0 ? words.start : at === view.length + 1 ? words.end : "");
      write(loss, inside && view.power(cell.loss.rows, at).log > -Infinity ? `↑ ${words.loss}` : "");
      if (!inside) continue;
      show(at);
      for (const { state, row } of view.norms) {
        const value = power({ log: view.at(row, at), sign: 1 });
        said.push(words.norms.replace("{state}", state).replace("{t}", at).replace("{value}", value));
      }
    }
    for (const show of painted) show(t);
    weights(Math.max(reach + 1 - t, 0), Math.min(view.length - t + reach, count - 1));
    const [first, last] = [Math.max(t - reach, 1), Math.min(t + reach, view.length)];
    svg.setAttribute("aria-label", `${words.label.replace("{first}", first).replace("{last}", last)}. ${said.join("; ")}`);
  };
}

/* One timestep: the cell's own drawing, small, without its ends: they are its neighbours'. */
function tile(group, view, cell, spots, size) {
  const roads = pieces(routes(cell, spots, size));
  const main = mainRoad(cell, spots.nodes);
  const onMain = (road) => main.has(road.from.name) && road.points.every(([, y]) => y === road.from.y);
  const path = (some) => some.map(({ points }) => drawn(points, 4)).join("");
  shape("path", { d: path(roads.filter(onMain)), class: "rv-bed", "stroke-width": 14 }, group);
  shape("path", { d: path(roads.filter((one) => !onMain(one))), class: "rv-bed", "stroke-width": 2 }, group);
  const painters = roads.map((road) => {
    const flow = shape("path", { d: drawn(road.points, 4), class: "rv-flow" }, group);
    let last = "";
    return (t) => {
      const { look, width } = appearance(reading(road, view, t), view.back, size);
      if (last === (last = `${look} ${width}`)) return;
      flow.dataset.look = look;
      flow.setAttribute("stroke-width", width);
    };
  });
  for (const node of spots.nodes.values()) painters.push(...mark(group, node, view, size));
  return (t) => painters.forEach((one) => one(t));
}

function mark(group, node, view, size) {
  const { x, y, op, color } = node;
  if (op === "out") {
    const text = label(group, x - 4, node.lane ? y + 15 : y - 11, "end");
    return [(t) => write(text, view.back ? short(view.power(node.back, t)) : plain(view.at(node.value, t), 2))];
  }
  if (["past", "input"].includes(op)) return [];
  if (op !== "affine") {
    const dot = shape("circle", { cx: x, cy: y, r: size.ring, class: "rv-face" }, group);
    dot.style.setProperty("--rv-own", color === "currentColor" ? "var(--st-text-color)" : color);
    return [];
  }
  const [w, h] = size.box;
  const own = shape("g", {}, group);
  own.style.setProperty("--rv-own", color === "currentColor" ? "var(--st-text-color)" : color);
  shape("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 2, class: "rv-face" }, own);
  const level = shape("rect", { x: x - w / 2 + 1, width: w - 2, class: "rv-level" }, own);
  level.style.opacity = 0.6;
  return [(t) => {
    const v = view.at(node.value, t);
    const gate = node.kind === "gate";
    const share = gate ? v : Math.min(Math.max(v, -1), 1) / 2;
    const base = gate ? y + h / 2 - 1 : y;
    const end = Number.isFinite(share) ? base - share * (h - 2) : base;
    level.setAttribute("y", Math.min(base, end).toFixed(1));
    level.setAttribute("height", Math.abs(base - end).toFixed(1));
  }];
}

/* The same mark under every column, on one line: there is one set of weights. */
function shared(svg, cell, words, pitch, count, y) {
  const names = [...new Set(cell.wires.filter(({ weighted }) => weighted).map(({ parameter }) => parameter))];
  const line = shape("path", { class: "rv-shared" }, svg);
  const marks = Array.from({ length: count }, (_, k) => {
    const text = label(svg, (k + 0.5) * pitch, y, "middle");
    text.setAttribute("class", "rv-weight");
    setSymbol(text, names.slice(0, 3).join(", "));
    return text;
  });
  const text = label(svg, 0, y + 24, "middle");
  text.setAttribute("class", "rv-quiet-text");
  text.textContent = words.shared;
  return (first, last) => {
    marks.forEach((mark, k) => (mark.style.display = k >= first && k <= last ? "" : "none"));
    const at = (k) => (k + 0.5) * pitch;
    const ticks = marks.map((_, k) => (k >= first && k <= last ? `M${at(k)},${y + 5}v6` : "")).join("");
    line.setAttribute("d", `${ticks}M${at(first)},${y + 11}H${at(last)}`);
    text.setAttribute("x", at((first + last) / 2));
  };
}

/* ‖∂L/∂state‖ as a ribbon, as thick as its logarithm; t = 0 is the initial state. */
function ribbon(svg, { state, color, row, start, y }, view, pitch, count, reach) {
  const name = label(svg, 0, y - 28, "start");
  setSymbol(name, view.words.norm.replace("{state}", state));
  const band = shape("path", { class: "rv-ribbon", fill: color }, svg);
  const run = shape("path", { class: "rv-middle", d: `M0,${y}H${count * pitch}` }, svg);
  const numbers = Array.from({ length: count }, (_, k) => label(svg, (k + 0.5) * pitch, y + 36, "middle"));
  const log = (t) => (t === 0 ? start ?? -Infinity : view.at(row, t));
  const half = (v) => Math.min(Math.max((v - FLOOR) * 2, 0.4), 24);
  return (t) => {
    const points = [];
    numbers.forEach((text, k) => {
      const at = t - reach + k;
      const v = log(at);
      write(text, at < 0 || at > view.length ? "" : power({ log: v, sign: 1 }));
      if (at >= 0 && at <= view.length && v > -Infinity) points.push([(k + 0.5) * pitch, half(v)]);
    });
    const upper = points.map(([x, h]) => `${x.toFixed(1)},${(y - h).toFixed(1)}`);
    const lower = points.map(([x, h]) => `${x.toFixed(1)},${(y + h).toFixed(1)}`).reverse();
    band.setAttribute("d", points.length ? `M${[...upper, ...lower].join("L")}Z` : "");
    run.setAttribute("d", points.length > 1 ? `M${points[0][0]},${y}H${points.at(-1)[0]}` : "");
  };
}

function label(parent, x, y, anchor) {
  return shape("text", { x, y, "text-anchor": anchor }, parent);
}
