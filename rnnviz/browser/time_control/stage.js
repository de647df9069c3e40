/* Time in the browser. The native slider holds the timestep; this module paints.
 *
 * Out:  the event "rv-time" on document, detail {t, length}; the current t for late
 *       comers in document.documentElement.dataset.rvT; there too data-rv-moving, so that
 *       what runs by itself can hold still and leave its share of the frame.
 * In:   every .js-plotly-plot whose layout.meta names its time axes.
 */

import { mounted } from "../_shared.js";
import { watchCharts } from "./stage_cursors.js";
import { copyTheme, drawPanel } from "./stage_panel.js";
import { player } from "./stage_player.js";
import { followDrag, isOurs, quietSlider, release } from "./stage_slider.js";

const KEYS = { ArrowLeft: -1, ArrowRight: 1 };

// Kept when the user switches pages: Python learns of a timestep only when it reruns.
const lastSeen = new Map(); // key -> t

export default mounted(mount);

function mount(parent) {
  const abort = new AbortController();
  const on = { signal: abort.signal };
  const box = parent.closest(".st-key-rv-time") ?? parent;
  const charts = watchCharts(go);
  const panel = drawPanel(parent);
  const playing = player(panel.speed, tick);
  const quiet = quietSlider();
  const state = { t: 0, length: 0, labels: null, key: "t", words: {} };
  let recall = 0; // the timestep to go back to, once the slider is there
  let pending = 0; // timer of a step that the slider has not committed yet
  let repair = 0;
  let settled = 0;
  const page = document.documentElement;

  const slider = () => box.querySelector('input[type="range"]');

  function show(t) {
    if (!t || t === state.t) return;
    state.t = t;
    page.dataset.rvT = t;
    page.toggleAttribute("data-rv-moving", true);
    clearTimeout(settled);
    settled = setTimeout(() => page.removeAttribute("data-rv-moving"), 400);
    if (state.length > 1) lastSeen.set(state.key, t);
    charts.move(t);
    const detail = { t, length: state.length };
    document.dispatchEvent(new CustomEvent("rv-time", { detail }));
    panel.say(state);
  }

  function adopt() {
    const input = slider();
    // Streamlit 1.67 labels it by itself and its group, which reads "Timestep Timestep".
    input?.removeAttribute("aria-labelledby");
    if (quiet.ahead(input)) quiet.again(input, state.t);
    else if (!dragged()) show(input ? Number(input.value) : state.length === 1 ? 1 : 0);
    clearTimeout(repair);
    repair = setTimeout(repairUrl, 400);
    if (!input || !recall) return;
    const t = recall;
    recall = 0;
    go(t);
  }

  function go(t) {
    const next = Math.min(Math.max(Math.round(t), 1), state.length);
    if (Number.isNaN(next) || next === state.t) return;
    show(next);
    quiet.move(slider(), next);
    clearTimeout(pending);
    // Not at once: a commit draws the whole app again, about 25 ms with twelve charts.
    pending = playing.now() ? -1 : setTimeout(commit, 250);
  }

  function commit() {
    if (!pending) return;
    clearTimeout(pending);
    pending = 0;
    quiet.tell(slider(), state.t);
  }

  /* Streamlit leaves ?t= stale when Python or a link sets the value of the slider. */
  function repairUrl() {
    const [input, { t, length, key }] = [slider(), state];
    if (!input || !key || playing.now() || pending || dragged()) return;
    const wanted = t === length ? null : String(t);
    if (new URLSearchParams(location.search).get(key) === wanted) return;
    release(input, t > 1 ? t - 1 : t + 1); // the same value twice would not be a change
    release(input, t);
  }

  const atEnd = () => (state.back ? state.t <= 1 : state.t >= state.length);

  /* Time runs as what is shown does: values forward, gradients from the last step to the first. */
  function play() {
    if (playing.now() || state.length === 1) return;
    if (atEnd()) go(state.back ? state.length : 1);
    playing.start();
    panel.say(state, true);
  }

  function tick(steps) {
    if (steps > 0) go(state.t + (state.back ? -steps : steps));
    if (atEnd()) pause();
  }

  function pause() {
    playing.stop();
    commit();
    panel.say(state, false);
  }

  function toggle() {
    if (playing.now()) pause();
    else play();
  }

  function keydown(event) {
    if (!event.isTrusted || event.defaultPrevented) return;
    const { key, shiftKey } = event;
    if (!isOurs(event, slider())) return settle(event);
    if (key in KEYS) go(state.t + KEYS[key] * (shiftKey ? 10 : 1));
    else if (key === "Home") go(1);
    else if (key === "End") go(state.length);
    else if (key === " " && !event.repeat) toggle();
    else if (key !== " ") return settle(event);
    // The slider must not step a second time, nor the page scroll.
    event.preventDefault();
    event.stopPropagation();
  }

  /* A step that the slider does not know yet must reach it before anything can rerun. */
  function settle({ isTrusted, target }) {
    if (!isTrusted || !pending || (playing.now() && box.contains(target))) return;
    commit();
    if (playing.now()) pending = -1;
  }

  panel.play.addEventListener("click", toggle);
  panel.speedButton.addEventListener("click", () => {
    panel.changeSpeed();
    panel.say(state, playing.now());
  });
  window.addEventListener("keydown", keydown, { capture: true, ...on });
  window.addEventListener("pagehide", settle, on);
  window.addEventListener("pointerdown", settle, { capture: true, ...on });
  box.addEventListener("pointerdown", (e) => {
    if (playing.now() && e.target.closest(".stSlider")) pause();
  }, { capture: true, ...on });
  const dragged = followDrag(box, slider, show, on);
  const watch = new MutationObserver(adopt);
  watch.observe(box, {
    subtree: true, childList: true, attributeFilter: ["value", "aria-valuetext", "max"],
  });

  return {
    update(data) {
      if (!state.length) recall = data.left_at || (data.told ? 0 : lastSeen.get(data.key) ?? 0);
      Object.assign(state, { labels: null }, data);
      copyTheme(parent);
      adopt();
      charts.scan();
      panel.reserve(state);
      panel.say(state, playing.now());
    },
    unmount() {
      pause();
      clearTimeout(repair);
      abort.abort();
      watch.disconnect();
      charts.stop();
      panel.root.remove();
    },
  };
}
