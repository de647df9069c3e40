/* Tells Python when there is more to draw than the page shows, but never while a pointer is held
 * down or a run goes on: the page drawn anew would take a chart or a slider out of the hand. */

import { mounted } from "../_shared.js";

const REST = 500; // ms without a held pointer before the page is drawn anew

export default mounted(mount);

function mount() {
  const app = document.querySelector('[data-testid="stApp"]');
  let [view, tell, timer, held] = [null, null, 0, false];
  const listeners = {
    pointerdown: () => hold(true), pointerup: () => hold(false), pointercancel: () => hold(false),
  };
  for (const [name, listen] of Object.entries(listeners)) addEventListener(name, listen, true);

  function hold(now) {
    held = now;
    wait();
  }

  function wait() {
    clearTimeout(timer);
    if (view && view.there !== view.shown) timer = setTimeout(ask, REST);
  }

  function ask() {
    if (!held && app.dataset.testScriptState === "notRunning") tell("more", view.there);
    else if (!held) wait();
  }

  return {
    update(data, setTriggerValue) {
      [view, tell] = [data, setTriggerValue];
      if (!held) wait();
    },
    unmount() {
      clearTimeout(timer);
      for (const [name, listen] of Object.entries(listeners)) removeEventListener(name, listen, true);
    },
  };
}
