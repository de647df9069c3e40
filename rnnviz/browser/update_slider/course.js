/* Checkpoints sent ahead. On "rv-update" the page shows the asked one, if it is here: texts, and
 * curves by `rvShow` of overview.js. What it shows then is what Python draws when the slider rests,
 * so React, which sets only what it finds changed, never meets anything of another checkpoint. */

import { mounted, opened } from "../_shared.js";
import { rowMarks } from "./course_rows.js";

const QUIET = 250; // ms at rest before more is asked for

export default mounted(mount);

function mount() {
  const app = document.querySelector('[data-testid="stApp"]');
  const marks = rowMarks();
  let [head, values, tell, timer] = [null, null, null, 0];

  function show(event) {
    const one = head?.pictures[event.detail.update];
    if (!one) return;
    event.preventDefault(); // shown: Python need not be asked
    for (const [where, html] of Object.entries(one.html)) {
      const element = document.querySelector(where);
      if (element && element.innerHTML !== html) element.innerHTML = html;
    }
    for (const [where, words] of Object.entries(one.sentences)) rewrite(where, words);
    marks.put(one.rows);
    for (const [key, chart] of Object.entries(one.charts)) {
      const rows = values.subarray(chart.from * head.length, (chart.from + chart.count) * head.length);
      document.querySelector(`.st-key-${key} .rv-overview`)?.rvShow({ ...chart.head, length: head.length }, rows);
    }
  }

  function rewrite(where, words) {
    const place = document.querySelector(where);
    if (!place) return;
    const known = Object.values(head.pictures).map((one) => one.sentences[where]);
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const old = known.find((one) => one && texts.currentNode.data.includes(one));
      if (old && old !== words) texts.currentNode.data = texts.currentNode.data.replace(old, words);
    }
  }

  /* A part of the page that runs while the whole page does would end that run. */
  function ask() {
    clearTimeout(timer);
    if (head.more < 0) return;
    timer = setTimeout(() => {
      if (app.dataset.testScriptState === "notRunning") tell("more", head.more);
      else ask();
    }, QUIET);
  }

  document.addEventListener("rv-update", show);
  return {
    update(data, setTriggerValue) {
      [head, values] = opened(data);
      tell = setTriggerValue;
      marks.put(head.pictures[head.now]?.rows ?? {});
      ask();
    },
    unmount() {
      clearTimeout(timer);
      marks.stop();
      document.removeEventListener("rv-update", show);
    },
  };
}
