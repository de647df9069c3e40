/* A phase portrait (two units) or a cobweb (one), whose first state is dragged.
 *
 * data: one packet (see `opened`) with the forcing U u_t + b (n, T). The orbit is computed here, so
 * that it follows the hand; "x0" goes to Python when let go. Follows "rv-time" (see
 * time_control/stage.js).
 */

import { make } from "../_dom.js";
import { moment, mounted, opened } from "../_shared.js";
import { trace } from "./portrait_orbit.js";
import { paint } from "./portrait_shapes.js";
import { orbit } from "./portrait_system.js";
import { number, part } from "./portrait_words.js";

export default mounted(mount);

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

function mount(parent) {
  const root = make("figure", "rv-portrait", parent);
  root.setAttribute("data-rv-view", "");
  const now = make("p", "rv-portrait-now", root);
  const plot = make("div", "rv-portrait-plot", root);
  // An input, not a shape: it takes the focus and the arrow keys, which otherwise move time.
  const handle = make("input", "rv-portrait-handle", plot);
  Object.assign(handle, { type: "text", readOnly: true, inputMode: "none" });
  handle.setAttribute("role", "slider");
  const abort = new AbortController();
  const on = { signal: abort.signal };
  let [view, picture, x0, send] = [null, null, [0, 0], () => {}];
  let [dragging, pending] = [false, 0];

  function draw() {
    if (!view || !plot.clientWidth) return;
    picture?.svg.remove();
    picture = paint(plot, view);
    plot.prepend(picture.svg);
    move();
  }

  function move() {
    if (!picture) return;
    picture.orbit = orbit(view, x0);
    const at = view.size === 1 ? [x0[0], 0] : x0;
    handle.style.transform = `translate(${picture.x(at[0])}px, ${picture.y(at[1])}px)`;
    const said = x0.map((v) => number(v)).join(", ");
    handle.value = said;
    handle.setAttribute("aria-valuetext", `x₀ = ${said}`);
    handle.setAttribute("aria-valuenow", x0[0].toFixed(3));
    root.dataset.x0 = x0.map((v) => v.toFixed(3)).join(",");
    follow();
  }

  function follow() {
    if (!view || !picture) return;
    let t = moment() || view.length;
    t = Math.min(Math.max(t, 1), view.length);
    root.dataset.t = t;
    root.dataset.x = picture.orbit[t].join(",");
    trace(picture, view, t);
    const state = (x) => (view.size === 1 ? number(x[0]) : `(${x.map(number).join(", ")})`);
    now.replaceChildren(
      part(`x₀ = ${state(x0)}`), part(`t = ${t}`), part(`x_t = ${state(picture.orbit[t])}`, true));
  }

  function take(event) {
    const box = plot.getBoundingClientRect();
    const at = [picture.toX(event.clientX - box.left), picture.toY(event.clientY - box.top)];
    set(view.size === 1 ? at.slice(0, 1) : at);
  }

  function set(next) {
    if (view.alone) return; // on a page without a program the rest could not follow
    x0 = next.map((v) => Math.round(Math.min(Math.max(v, -view.reach), view.reach) * 1000) / 1000);
    move();
  }

  function commit() {
    clearTimeout(pending);
    pending = 0;
    const text = x0.map(String).join(",");
    if (view && text !== view.x0.join(",")) send(text);
  }

  plot.addEventListener("pointerdown", (event) => {
    const touched = event.pointerType === "touch" && event.target !== handle;
    if (event.button || !picture || touched) return;
    plot.setPointerCapture(event.pointerId);
    dragging = true;
    root.dataset.dragging = "";
    take(event);
    handle.focus({ preventScroll: true });
    event.preventDefault();
  }, on);
  plot.addEventListener("pointermove", (event) => dragging && take(event), on);
  for (const type of ["pointerup", "pointercancel"]) {
    plot.addEventListener(type, () => {
      if (!dragging) return;
      dragging = false;
      delete root.dataset.dragging;
      commit();
    }, on);
  }
  // A tap elsewhere than on the handle: the page can still be scrolled there.
  plot.addEventListener("click", (event) => {
    if (event.pointerType !== "touch" || event.target === handle) return;
    take(event);
    commit();
  }, on);
  handle.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = (view.reach / 60) * (event.shiftKey ? 10 : 1);
    const [across, up] = way;
    set(view.size === 1 ? [x0[0] + (across + up) * step] : [x0[0] + across * step, x0[1] + up * step]);
    clearTimeout(pending);
    pending = setTimeout(commit, 500);
  }, on);
  handle.addEventListener("blur", () => pending && commit(), on);
  document.addEventListener("rv-time", follow, on);
  const watch = new ResizeObserver(draw);
  watch.observe(plot);

  return {
    update(data, trigger) {
      view = unpack(data);
      send = (to) => trigger("x0", to);
      if (!dragging && !pending) x0 = view.x0;
      x0 = view.x0.map((v, k) => x0[k] ?? v);
      handle.setAttribute("aria-label", view.words.handle);
      root.style.setProperty("--rv-orbit", view.orbit);
      root.style.setProperty("--rv-curve", view.curve);
      draw();
    },
    unmount() {
      clearTimeout(pending);
      abort.abort();
      watch.disconnect();
      root.remove();
    },
  };
}

function unpack(bytes) {
  const [head, values] = opened(bytes);
  const force = (t) => head.b.map((_, i) => values[i * head.length + t]);
  return { ...head, force };
}
