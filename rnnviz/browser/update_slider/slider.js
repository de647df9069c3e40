/* A slider over checkpoints. Where it is, it says on the page by the event "rv-update", detail
 * {update}; what was sent ahead is shown at once (course.js). Of the rest Python is told while the
 * slider is dragged, one move at a time: the next one when the page is drawn, since a message in
 * between would end its run. */

import { make } from "../_dom.js";
import { mounted } from "../_shared.js";

const REST = 300; // ms without a move after which the whole page follows, held or not
const PATIENCE = 3000; // ms after which a run that nobody has seen end is over

export default mounted(mount);

function mount(parent) {
  const root = make("div", "rv-update", parent);
  const label = make("label", "rv-update-label", root);
  const row = make("div", "rv-update-row", root);
  const before = button(row, () => put(0));
  const range = Object.assign(make("input", "", row), { type: "range", min: 0, step: 1 });
  const after = button(row, () => put(view.updates.length - 1));
  const shown = make("output", "", label);
  let [view, tell, waiting, told, busy, rest] = [null, null, null, "", 0, 0];
  let keyed = false; // whether a key moves it, which lets go after every step

  const app = document.querySelector('[data-testid="stApp"]');
  const watcher = new MutationObserver(() => {
    if (app.dataset.testScriptState === "notRunning") free();
  });
  watcher.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });

  function move(held) {
    const update = view.updates[range.valueAsNumber];
    const shown = follow();
    say();
    clearTimeout(rest);
    rest = held || (shown && keyed) ? setTimeout(settle, REST) : 0;
    if (rest && shown) waiting = null;
    else post(held ? `${update} held` : String(update));
  }

  /* The whole page follows. */
  function settle() {
    rest = 0;
    post(String(view.updates[range.valueAsNumber]));
  }

  function post(text) {
    if (waiting === null) setTimeout(next); // a key moves and lets go in one
    waiting = text;
  }

  /* Have the page show the checkpoint; whether it was here. */
  function follow() {
    const detail = { update: view.updates[range.valueAsNumber] };
    return !document.dispatchEvent(new CustomEvent("rv-update", { detail, cancelable: true }));
  }

  function next() {
    if (waiting === null || performance.now() < busy) return;
    const text = waiting;
    waiting = null;
    if (text === told) return;
    told = text;
    busy = performance.now() + PATIENCE;
    setTimeout(next, PATIENCE + 1);
    tell("move", text);
  }

  function free() {
    busy = 0;
    next();
  }

  function put(place) {
    [keyed, range.value] = [false, place];
    move(false);
  }

  function say() {
    const words = view.words.at.replace("{u}", view.updates[range.valueAsNumber]);
    shown.textContent = words;
    range.setAttribute("aria-valuetext", words);
  }

  range.addEventListener("keydown", () => (keyed = true));
  range.addEventListener("pointerdown", () => (keyed = false));
  range.addEventListener("input", () => move(true));
  range.addEventListener("change", () => move(false));

  return {
    update(data, setTriggerValue) {
      view = data;
      tell = setTriggerValue;
      if (label.firstChild === shown) label.prepend(data.words.label);
      else label.firstChild.data = data.words.label;
      label.title = data.words.help;
      before.textContent = data.words.before;
      after.textContent = data.words.after;
      range.setAttribute("aria-label", data.words.label);
      range.max = data.updates.length - 1;
      // Of a part of the page the slider is drawn last: what it says is shown.
      if (told === `${data.now} held`) setTimeout(free);
      // Whoever drags is ahead of the page; otherwise the page says where the slider is.
      if (waiting !== null || rest || range.matches(":active")) {
        requestAnimationFrame(follow); // the page may have drawn an earlier move
        return;
      }
      range.value = data.updates.indexOf(data.now);
      if (!told.startsWith(String(data.now))) told = "";
      say();
    },
    unmount() {
      watcher.disconnect();
      clearTimeout(rest);
      root.remove();
    },
  };
}

function button(parent, act) {
  const one = make("button", "", parent);
  one.type = "button";
  one.addEventListener("click", act);
  return one;
}
