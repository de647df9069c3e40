/* The native slider that holds the timestep: what it is told, and what is read off it. */

const OWN_KEYS = // what has its own use for arrows or letters
  "input, textarea, select, canvas, iframe, video, [contenteditable], [role=dialog]," +
  ["tab", "listbox", "option", "combobox", "menu", "menuitem", "radiogroup", "toolbar", "grid"]
    .map((role) => `[role=${role}]`);

const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

/* Moves the thumb: React follows, the widget's value and the URL do not. */
function setNative(input, t) {
  if (!input || Number(input.value) === t) return;
  setValue.call(input, String(t));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/* React Aria calls its onChangeEnd, which commits the value and the URL, only at the end
 * of a drag or of a key: so the last step to t is made with a key. */
function release(input, t) {
  const forward = t > Number(input.min);
  setNative(input, forward ? t - 1 : t + 1);
  const key = forward ? "ArrowRight" : "ArrowLeft";
  input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function isOurs(event, input) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const at = event.composedPath()[0];
  if (at === input) return true;
  if (event.key === " " && at.closest?.("button, a, summary, [role=button]")) return false;
  return !at.closest?.(OWN_KEYS);
}

/* Where the pointer drags the thumb, `told` at once: the slider itself says so only when
 * React has drawn it, a frame later. The same arithmetic, so that both say the same. */
function followDrag(box, slider, told, on) {
  let drag = null; // {track, steps, from: share of the track, x, id}

  const at = (share, steps) => Math.round(Math.min(Math.max(share, 0), 1) * steps) + 1;

  function down(event) {
    const input = slider();
    const track = input?.closest("[data-orientation]");
    const { button, altKey, ctrlKey, metaKey, pointerId: id, clientX: x, target } = event;
    if (drag || button || altKey || ctrlKey || metaKey || !track?.contains(target)) return;
    const steps = Number(input.max) - 1;
    const { left, width } = track.getBoundingClientRect();
    const onThumb = input.closest("[style*='left']")?.contains(target);
    const t = onThumb ? Number(input.value) : at((x - left) / width, steps);
    drag = { width, steps, x, id, from: (t - 1) / steps };
    told(t);
  }

  function move({ pointerId, clientX }) {
    if (drag?.id !== pointerId) return;
    told(at(drag.from + (clientX - drag.x) / drag.width, drag.steps));
  }

  function up({ pointerId }) {
    if (drag?.id !== pointerId) return;
    // By then the slider has caught up, and what it says counts again.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      drag = null;
      told(Number(slider()?.value) || 0);
    }));
  }

  const early = { capture: true, ...on };
  box.addEventListener("pointerdown", down, early);
  window.addEventListener("pointermove", move, early);
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, up, early);
  return () => drag !== null;
}
