/* The first picture: norms against time on an absolute log axis, as SVG.
 *
 * data: one packet (see `opened`) with log10 values (curves, then ghosts; T + 1), t = 0 first. Follows "rv-time"
 * and moves it by way of the native slider, which the stage watches (see time_control/stage.js).
 * Colours are CSS: nothing is drawn again when the theme changes.
 */

import { make } from "../_dom.js";
import { moment, mounted, opened, powerOfTen } from "../_shared.js";
import { left } from "./overview_share.js";
import { aboveIt, paint, titleParts } from "./overview_picture.js";

export default mounted(mount);

function mount(parent) {
  const root = make("figure", "rv-overview", parent);
  const now = make("p", "rv-overview-now", root);
  now.setAttribute("data-rv-view", "");
  const title = make("p", "rv-overview-title", root);
  const plot = make("div", "rv-overview-plot", root);
  const key = make("p", "rv-overview-key", root);
  const cursor = make("div", "", plot);
  cursor.setAttribute("data-rv-cursor", "");
  plot.rvTable = () => [
    ["t", ...view.curves.map(({ name }) => `${name} (log10)`)],
    ...Array.from(view.rows[0], (_, t) => [t, ...view.rows.map((row) => row[t])]),
  ];
  const abort = new AbortController();
  let view = null;
  let picture = null;
  let t = 0;
  let hovered = null;

  function draw() {
    if (!view || !plot.clientWidth) return;
    title.replaceChildren(...(aboveIt(view, plot.clientWidth) ? titled(view.words.title) : []));
    picture?.svg.remove();
    picture = paint(plot, view);
    plot.prepend(picture.svg);
    follow();
  }

  function follow() {
    if (!view) return;
    t = view.at || moment() || view.length - 1;
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

  function show(head, values) {
    view = rowsOf(head, values);
    root.dataset.length = view.length;
    key.textContent = view.words.key;
    draw();
  }

  root.rvShow = show; // for what was sent ahead: update_slider/course.js

  return {
    update(data) {
      hovered = null;
      show(...opened(data));
    },
    unmount() {
      abort.abort();
      watch.disconnect();
      root.remove();
    },
  };
}

function rowsOf(head, values) {
  const row = (k) => values.subarray(k * head.length, (k + 1) * head.length);
  const rows = head.curves.map((_, k) => row(k));
  const before = head.ghosts.map((_, k) => row(rows.length + k));
  return { ...head, rows, before };
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
    ...view.curves.map(({ name, color, last }, k) => {
      const one = part("rv-one", "");
      one.style.color = color;
      one.append(`${name} `, Object.assign(make("b"), { textContent: t > last ? "–" : power(view.rows[k][t], view.words) }));
      const share = left(view, k, t);
      if (share) one.append(part("rv-left", ` ${share}`));
      return one;
    }),
  ];
  line.replaceChildren(...parts);
}

function titled(words) {
  return titleParts(words).map(([part, sub]) => (
    sub ? Object.assign(make("sub"), { textContent: part }) : document.createTextNode(part)
  ));
}

function part(name, text) {
  return Object.assign(make("span", name), { textContent: text });
}

function power(v, words) {
  if (v === -Infinity) return words.zero;
  if (!Number.isFinite(v)) return v > 0 ? "∞" : words.strange;
  return powerOfTen(v, 2);
}
