/* The native slider that holds the timestep: set it, read it. */

const OWN_KEYS = // what has its own use for arrows or letters
  "input, textarea, select, canvas, iframe, video, [contenteditable], [role=dialog]," +
  ["tab", "listbox", "option", "combobox", "menu", "menuitem", "radiogroup", "toolbar", "grid"]
    .map((role) => `[role=${role}]`);

const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;

/* Tells React of a value; the widget's value and the URL do not follow. */
function setNative(input, t) {
  if (!input || Number(input.value) === t) return;
  setValue.call(input, String(t));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/* React Aria calls its onChangeEnd, which commits the value and the URL, only at the end
 * of a drag or of a key: so the last step to t is made with a key. */
export function release(input, t) {
  const forward = t > Number(input.min);
  setNative(input, forward ? t - 1 : t + 1);
  const key = forward ? "ArrowRight" : "ArrowLeft";
  input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

/* Moves the thumb without React, which would draw the slider at every step, add a style sheet's
 * rule for it and measure the page: as long as all that follows the time. `tell(t)` tells it. */
export function quietSlider() {
  let quiet = null; // {input, known: what React has, steps, fill}

  function move(input, t) {
    if (!input) return;
    if (quiet?.input !== input) {
      const [known, steps] = [Number(input.value), Number(input.max) - 1];
      quiet = { input, known, steps, fill: filled(input.closest("[data-orientation]")) };
    }
    setValue.call(input, String(t));
    input.setAttribute("aria-valuetext", t);
    put(quiet, (t - 1) / quiet.steps);
  }

  function tell(input, t) {
    if (quiet && quiet.input === input) {
      quiet.fill?.("");
      setValue.call(input, String(quiet.known));
    }
    quiet = null;
    if (input) release(input, t);
  }

  return {
    move, tell,
    ahead: (input) => quiet !== null && quiet.input === input,
    /* React may put back what it knows, when it draws the slider after an earlier step. */
    again(input, t) {
      if (Number(input.value) === t) return;
      quiet = null;
      move(input, t);
    },
  };
}

export function isOurs(event, input) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const at = event.composedPath()[0];
  if (at === input) return true;
  if (event.key === " " && at.closest?.("button, a, summary, [role=button]")) return false;
  return !at.closest?.(OWN_KEYS);
}

/* A drag is ours alone until it is let go, as `quietSlider` moves the thumb. */
export function followDrag(box, slider, told, on) {
  let drag = null; // {input, steps, from: share of the track, x, width, id, t, began, fill}

  function down(event) {
    const input = slider();
    const track = input?.closest("[data-orientation]");
    const { button, altKey, ctrlKey, metaKey, pointerId: id, clientX: x, target } = event;
    if (drag || button || altKey || ctrlKey || metaKey || !track?.contains(target)) return;
    event.preventDefault();
    event.stopPropagation();
    input.focus({ preventScroll: true });
    track.setPointerCapture(id);
    const [steps, began] = [Number(input.max) - 1, Number(input.value)];
    const { left, width } = track.getBoundingClientRect();
    drag = { input, steps, x, width, id, t: began, began, fill: filled(track) };
    drag.from = (began - 1) / steps;
    if (thumbOf(input).contains(target)) return;
    drag.from = Math.round(Math.min(Math.max((x - left) / width, 0), 1) * steps) / steps;
    move(event);
  }

  function move({ pointerId, clientX }) {
    if (drag?.id !== pointerId) return;
    const share = Math.min(Math.max(drag.from + (clientX - drag.x) / drag.width, 0), 1);
    drag.t = Math.round(share * drag.steps) + 1;
    setValue.call(drag.input, String(drag.t));
    put(drag, (drag.t - 1) / drag.steps);
    told(drag.t);
  }

  function up({ pointerId }) {
    if (drag?.id !== pointerId) return;
    const { input, t, began, fill } = drag;
    drag = null;
    fill?.("");
    setValue.call(input, String(began));
    if (t !== began) release(input, t);
  }

  box.addEventListener("pointerdown", down, { capture: true, ...on });
  window.addEventListener("pointermove", move, on);
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, up, on);
  return () => drag !== null;
}

const thumbOf = (input) => input.closest("[style*='left']");

/* The thumb, and the part of the track before it, where the slider itself would have them. */
function put({ input, fill }, share) {
  const end = `${100 * share}%`;
  thumbOf(input).style.left = end;
  fill?.(end);
}

/* Sets up to where the track is coloured; "" leaves it to the slider again. */
function filled(track) {
  for (const one of track.children) {
    const colors = getComputedStyle(one).backgroundImage.match(/[a-z]+\([^()]*\)(?= [\d.]+%)/g);
    if (!colors) continue;
    const [rest, done] = colors;
    const image = (end) => end && `linear-gradient(to right, ${done} ${end}, ${rest} ${end})`;
    return (end) => (one.style.backgroundImage = image(end));
  }
  return null;
}
