/* What moves with the hand and with time. */

import { graph } from "./portrait_shapes.js";
import { FAR } from "./portrait_system.js";

export function trace(picture, view, t) {
  const { x, y, orbit: states } = picture;
  const known = states.findIndex((one) => !one.every((v) => Math.abs(v) < FAR));
  const last = known < 0 ? view.length : known;
  const path = (from, to) => {
    let d = "";
    for (let k = from; k <= Math.min(to, last); k += 1) {
      const [a, b] = view.size === 1 ? [states[k][0], null] : states[k];
      if (view.size === 2) d += `${d ? "L" : "M"}${x(a).toFixed(1)} ${y(b).toFixed(1)}`;
      else if (k === from) d += `M${x(a).toFixed(1)} ${y(k ? a : 0).toFixed(1)}`;
      else d += `V${y(a).toFixed(1)}${k < to ? `H${x(a).toFixed(1)}` : ""}`;
    }
    return d;
  };
  picture.past.setAttribute("d", path(0, t));
  picture.later.setAttribute("d", t < view.length ? path(t, view.length) : "");
  const dots = view.size === 1 ? [] : states.slice(0, last + 1);
  picture.dots.setAttribute("d", dots.map((one) => `M${x(one[0]).toFixed(1)} ${y(one[1]).toFixed(1)}h0`).join(""));
  const here = view.size === 1 ? [states[t - 1][0], states[t][0]] : states[t];
  const seen = here.every((v) => Math.abs(v) <= view.reach);
  picture.here.style.display = seen ? "" : "none";
  if (seen) picture.here.setAttribute("transform", `translate(${x(here[0])} ${y(here[1])})`);
  if (view.size === 1) {
    const force = view.force(t - 1);
    picture.shifted.setAttribute("d", force[0] === view.b[0] ? "" : graph(view, picture, force));
  }
}
