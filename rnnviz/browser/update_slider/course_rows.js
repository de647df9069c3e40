/* A line across a Plotly map at one of its rows, laid over it, so that Plotly draws nothing again. */

import { make } from "../_dom.js";

export function rowMarks() {
  const known = new Map(); // gd -> {events, line}
  let [rows, queued] = [{}, 0];

  function place(gd, line, row) {
    const { xaxis: x, yaxis: y } = gd._fullLayout ?? {};
    const home = gd.querySelector(".svg-container");
    if (!x || !y || !home) return;
    if (line.parentNode !== home) home.append(line);
    const at = y.l2p(row);
    line.style.visibility = at >= 0 && at <= y._length ? "" : "hidden";
    line.style.width = `${x._length}px`;
    line.style.transform = `translate(${x._offset}px, ${y._offset + at}px)`;
  }

  function scan() {
    queued = 0;
    for (const [gd, { line }] of known) {
      if (gd.isConnected) continue;
      line.remove();
      known.delete(gd);
    }
    for (const [key, row] of Object.entries(rows)) {
      const gd = document.querySelector(`.st-key-${key} .js-plotly-plot`);
      if (!gd?.on) continue;
      if (gd._ev !== known.get(gd)?.events) {
        known.get(gd)?.line.remove();
        const line = make("div", "rv-row-mark");
        known.set(gd, { events: gd._ev, line });
        for (const when of ["plotly_afterplot", "plotly_relayouting"]) {
          gd.on(when, () => known.get(gd)?.line === line && place(gd, line, rows[key]));
        }
      }
      place(gd, known.get(gd).line, row);
    }
  }

  const watch = new MutationObserver(() => (queued ||= requestAnimationFrame(scan)));
  return {
    put(asked) {
      rows = asked;
      watch.disconnect();
      if (Object.keys(rows).length) watch.observe(document.body, { childList: true, subtree: true });
      scan();
    },
    stop() {
      watch.disconnect();
      cancelAnimationFrame(queued);
      for (const { line } of known.values()) line.remove();
    },
  };
}
