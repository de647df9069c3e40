/* While the sound in the sidebar plays, the time control stands at the frame that begins then.
 *
 * data: {seconds, steps}: from frame to frame, and how many frames there are. */

import { mounted } from "../_shared.js";

export default mounted(mount);

function mount() {
  let [view, frame] = [null, 0];
  const abort = new AbortController();
  const sound = () => document.querySelector(".st-key-rv-sound audio");
  const place = (audio) => setTime(Math.min(Math.floor(audio.currentTime / view.seconds) + 1, view.steps));
  const step = () => {
    const audio = sound();
    frame = 0;
    if (!audio || !view) return;
    place(audio);
    if (!audio.paused) frame = requestAnimationFrame(step);
  };
  const follow = ({ target }) => {
    if (target === sound() && !frame) frame = requestAnimationFrame(step);
  };
  // Events of sounds do not bubble: they are caught on their way down.
  for (const name of ["play", "seeked"]) document.addEventListener(name, follow, { capture: true, signal: abort.signal });
  return {
    update(data) {
      view = data;
    },
    unmount() {
      cancelAnimationFrame(frame);
      abort.abort();
    },
  };
}

/* The stage adopts what the native slider is set to, and writes it to the address. */
function setTime(t) {
  const input = document.querySelector('.st-key-rv-time input[type="range"]');
  if (!input || Number(input.value) === t || t > Number(input.max)) return;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, String(t));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
