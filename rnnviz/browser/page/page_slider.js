/* A slider in the form that the stage finds and moves (time_control/stage_slider.js): a track, in it
 * the thumb, placed by its `left`, in it the input. A step that the stage commits comes as a key. */

import { make } from "../_dom.js";

export function timeSlider(bar, { length, words }) {
  const track = make("div", "rp-rail", make("div", "stSlider", make("div", "rp-slide")));
  track.dataset.orientation = "horizontal";
  const thumb = make("div", "rp-thumb", track);
  const input = make("input", "", thumb);
  Object.assign(input, { type: "range", min: 1, max: length, step: 1, value: length });
  input.setAttribute("aria-label", words.timestep);
  bar.prepend(track.closest(".rp-slide"));

  function place() {
    thumb.style.left = `${(100 * (input.value - 1)) / Math.max(length - 1, 1)}%`;
    input.setAttribute("aria-valuetext", input.value);
  }

  input.addEventListener("input", place);
  input.addEventListener("keydown", ({ key, isTrusted }) => {
    if (isTrusted) return; // those go to the stage
    input.value = Number(input.value) + ({ ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0);
    place();
  });
  track.closest(".rp-slide").hidden = length < 2;
  place();
}
