/* The first picture: norms against time on an absolute log axis, as SVG.
 *
 * data: uint32 header size, JSON header padded to 8 bytes, float64 log10 values (curves, T + 1)
 * row by row, t = 0 first. Follows "rv-time" and moves it by way of the native slider, which the
 * stage watches (see stage.js). Colours are CSS: nothing is drawn again when the theme changes.
 */

export default mounted(mount);

function mount(parent) {
  const root = html("figure", "rv-overview", parent);
  const now = html("p", "rv-overview-now", root);
  now.setAttribute("data-rv-view", "");
  const plot = html("div", "rv-overview-plot", root);
  const cursor = html("div", "", plot);
  cursor.setAttribute("data-rv-cursor", "");
  const abort = new AbortController();
  let view = null;
  let picture = null;
  let t = 0;
  let hovered = null;

  function draw() {
    if (!view || !plot.clientWidth) return;
    picture?.svg.remove();
    picture = paint(plot, view);
    plot.prepend(picture.svg);
    follow();
  }

  function follow() {
    if (!view) return;
    t = Number(document.documentElement.dataset.rvT) || view.length - 1;
    t = Math.min(Math.max(t, 1), view.length - 1);
    tell(now, view, hovered ?? t);
    now.dataset.t = cursor.dataset.t = t;
    if (!picture) return;
    const { left, top, height } = picture.box;
    cursor.style.height = `${height}px`;
    cursor.style.transform = `translate(${picture.x(t)}px, ${top}px)`;
    cursor.style.visibility = left >= 0 ? "" : "hidden";
    picture.point(hovered ?? t, hovered !== null && hovered !== t);
  }

  function at(event) {
    const { left, width } = picture.box;
    const share = (event.clientX - plot.getBoundingClientRect().left - left) / width;
    return Math.min(Math.max(Math.round(share * (view.length - 1)), 0), view.length - 1);
  }

  function move(event) {
    if (!picture) return;
    if (event.type === "pointerdown") {
      if (event.button || !event.target.matches(".rv-hit")) return;
      plot.setPointerCapture(event.pointerId);
    }
    if (event.buttons & 1 && plot.hasPointerCapture(event.pointerId)) {
      hovered = null;
      setTime(Math.max(at(event), 1));
    } else if (event.pointerType !== "touch") {
      hovered = event.target.matches(".rv-hit") ? at(event) : null;
    }
    follow();
  }

  for (const type of ["pointerdown", "pointermove"]) {
    plot.addEventListener(type, move, { signal: abort.signal });
  }
  for (const type of ["pointerleave", "pointercancel"]) {
    plot.addEventListener(type, () => { hovered = null; follow(); }, { signal: abort.signal });
  }
  document.addEventListener("rv-time", follow, { signal: abort.signal });
  const watch = new ResizeObserver(draw);
  watch.observe(plot);

  return {
    update(data) {
      view = unpack(data);
      hovered = null;
      root.dataset.length = view.length;
      draw();
    },
    unmount() {
      abort.abort();
      watch.disconnect();
      root.remove();
    },
  };
}

function unpack(bytes) {
  const [head, values] = opened(bytes);
  const rows = head.curves.map((_, k) => values.subarray(k * head.length, (k + 1) * head.length));
  return { ...head, rows };
}

/* The stage adopts what the native slider is set to, and writes it to the address. */
function setTime(t) {
  const input = document.querySelector('.st-key-rv-time input[type="range"]');
  if (!input || Number(input.value) === t) return;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, String(t));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/* ---- the line of numbers ------------------------------------------------------------ */

function tell(line, view, t) {
  const label = view.labels[t - 1];
  const at = view.words.at.replace("{t}", t);
  const when = part("rv-when", label === undefined ? at : `${at} · ${label}`);
  // As wide as the longest, so that the numbers stay where they are while time moves.
  const longest = Math.max(0, ...view.labels.map((one) => one.length + 3));
  when.style.minWidth = `${Math.min(longest, 16) + 7}ch`;
  const parts = [
    when,
    ...view.curves.map(({ name, color }, k) => {
      const one = part("rv-one", "");
      one.style.color = color;
      one.append(`${name} `, Object.assign(html("b"), { textContent: power(view.rows[k][t], view.words) }));
      return one;
    }),
  ];
  line.replaceChildren(...parts);
}

function part(name, text) {
  return Object.assign(html("span", name), { textContent: text });
}

/* ---- the picture ---------------------------------------------------------------------- */

const DASHES = { dash: "7 4", dot: "2 3", longdash: "12 5", dashdot: "8 3 2 3" };
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

function paint(plot, view) {
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const svg = shape("svg", { role: "img", "aria-label": view.summary });
  plot.append(svg); // so that texts have a width
  const last = view.length - 1;
  const names = view.curves.map(({ name, color }) => {
    const one = text(svg, 0, 0, name, "end", "rv-name");
    one.style.fill = color;
    return one;
  });
  const room = Math.max(...names.map((one) => one.getComputedTextLength())) + 12;
  const ticks = yTicks(view, height - 66);
  const labels = ticks.map((v) => text(svg, 0, 0, power10(v), "end"));
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
  title(svg, view);
  const placed = losses(svg, view, x, box);
  const taken = view.rows.map((row) => (t) => y(row[Math.round(t)]));
  gammas(under, svg, view, x, y, box, taken, placed);
  const ends = view.curves.map((curve, k) => curves(svg, curve, view.rows[k], x, y, box));
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
      const v = view.rows[k][t];
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

function title(svg, view) {
  const one = text(svg, 0, 12, "", "start");
  const [start, rest] = view.words.title.split("_");
  one.append(start);
  if (!rest) return;
  const sub = one.appendChild(shape("tspan", { class: "rv-sub", dy: 3 }));
  sub.textContent = rest[0];
  const tail = one.appendChild(shape("tspan", { dy: -3 }));
  tail.textContent = rest.slice(1);
}

/* Where the loss sits: small marks along the top, with one word beside them. Returns the word's
 * place. */
function losses(svg, view, x, box) {
  if (!view.losses.length) return [];
  const last = view.length - 1;
  const size = Math.min(5, Math.max(1.5, (0.4 * box.width) / last));
  const d = view.losses.map((t) => `M${x(t) - size} ${box.top - 8}h${2 * size}l${-size} 7z`).join("");
  svg.append(shape("path", { class: "rv-loss", d }));
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

function gammas(under, over, view, x, y, box, taken, placed) {
  for (const { factor, from, top, back, slope } of view.references) {
    const v = (steps) => top + slope * steps;
    const one = text(over, 0, 0, `γ = ${factor}`, "middle");
    const half = one.getComputedTextLength() / 2 + 3;
    const spots = [];
    for (let share = 0.96; share > 0.1; share -= 0.04) {
      const [at, level] = [x(from - share * back), y(v(share * back)) - 5];
      if (at - half < box.left || at + half > box.left + box.width || level < box.top + 8) continue;
      spots.push({ at, level, clear: room(at, level - 4, half, taken, placed, x, view) });
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
function room(at, level, half, taken, placed, x, view) {
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
function curves(svg, { name, color, dash }, row, x, y, box) {
  let d = "";
  let [open, end, zeros, strange] = [false, null, "", ""];
  const cross = (t, level) => `M${x(t) - 2.5} ${level - 2.5}l5 5m0 -5l-5 5`;
  row.forEach((v, t) => {
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

/* Names in a column before t = 0, moved apart to be read, each tied to its line. */
function nameEnds(svg, names, ends, view, left, box) {
  const order = ends.map(([, at], k) => ({ k, at })).sort((a, b) => a.at - b.at);
  let least = box.top + 6;
  for (const one of order) {
    one.at = Math.max(one.at, least);
    least = one.at + 17;
  }
  let most = box.top + box.height - 4;
  for (const one of [...order].reverse()) {
    one.at = Math.min(one.at, most);
    most = one.at - 17;
  }
  for (const { k, at } of order) {
    place(names[k], left - 10, at + 4.5);
    const [endX, endY] = ends[k];
    if (Math.abs(endY - at) < 5 && endX - left < 3) continue;
    const lead = line(svg, left - 8, at, Math.min(endX, left + 2), endX - left < 3 ? endY : at, "rv-leader");
    lead.style.stroke = view.curves[k].color;
  }
}

/* ---- small things ------------------------------------------------------------------------ */

function place(one, x, y) {
  one.setAttribute("x", x);
  one.setAttribute("y", y);
}

const power10 = (n) => (n === 0 ? "1" : `10${raised(n)}`);

function power(v, words) {
  if (v === -Infinity) return words.zero;
  if (!Number.isFinite(v)) return v > 0 ? "∞" : words.strange;
  return powerOfTen(v, 2);
}
