/* The tour's card: a question, then its answer, beside the picture that both are about.
 *
 * Arrow keys stay with time wherever the focus is, but on the card's buttons; Esc ends the tour.
 */

import { mounted } from "../_shared.js";
import { watchPicture } from "./tour_picture.js";
import { element, parts } from "./tour_words.js";

const chosen = new Map(); // step -> answer, kept when the page is switched
export default mounted(mount);

function mount(parent) {
  const abort = new AbortController();
  const root = element("section", "rv-tour");
  const outline = document.createElement("style");
  parent.append(root, outline);
  const sight = watchPicture(root, outline);
  let view = null;
  let send = () => {};
  let shown = ""; // what was drawn last

  function ask(event) {
    if (root.dataset.waiting) return;
    root.dataset.waiting = event;
    root.querySelector(".rv-tour-status").textContent = view.words.wait;
    send(event);
  }

  function choose(answer) {
    chosen.set(view.n, answer);
    if (view.state === "asks" && view.hides) {
      draw();
      ask(`show:${view.n}`);
    } else {
      draw();
      attend();
    }
  }

  /* To what was just said, so that a screen reader goes on there and arrow keys stay with time. */
  function attend() {
    const told = root.querySelector(".rv-tour-told");
    (told ?? root.querySelector("h2")).focus({ preventScroll: true });
    const question = root.querySelector(".rv-tour-question");
    if (!told) return;
    const fits = root.scrollHeight - question.offsetTop <= root.clientHeight;
    root.scrollTop = (fits ? question : told).offsetTop - 8;
  }

  function draw() {
    delete root.dataset.waiting;
    root.setAttribute("aria-label", view.words.region);
    root.replaceChildren(...parts(view, chosen.get(view.n), choose, ask));
    root.toggleAttribute("data-told", Boolean(root.querySelector(".rv-tour-told")));
  }

  function keydown(event) {
    if (event.key === "Escape" && !event.defaultPrevented && isFree(event.target, root)) {
      event.preventDefault();
      return ask("end");
    }
    const buttons = [...root.querySelectorAll(".rv-tour-answers button:enabled")];
    const at = buttons.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    buttons.at((at + step) % buttons.length).focus();
  }

  document.addEventListener("keydown", keydown, { signal: abort.signal });

  return {
    update(data, trigger) {
      if (data.leave) return void parent.closest(".st-key-rv-tour")?.querySelector("a")?.click();
      const before = view;
      [view, send] = [data, (event) => trigger("do", event)];
      const next = JSON.stringify(data);
      if (next === shown && !root.dataset.waiting) return;
      shown = next;
      const mark = getComputedStyle(parent).getPropertyValue("--st-primary-color");
      document.documentElement.style.setProperty("--rv-tour-mark", mark);
      const held = root.dataset.waiting || root.contains(document.activeElement);
      const moved = before?.n !== view.n;
      const told = moved || before.state !== view.state;
      draw();
      if (moved) foldSidebar();
      if (told) root.scrollTop = 0;
      if (moved) root.querySelector("h2").focus({ preventScroll: true });
      else if (held) attend();
      sight.watch(view, told && view.state !== "changed");
    },
    unmount() {
      abort.abort();
      sight.stop();
      root.remove();
      outline.remove();
    },
  };
}

/* Esc belongs to whatever is open; otherwise to the tour. */
function isFree(target, root) {
  if (root.contains(target) || target === document.body) return true;
  return !target.closest("input:not([type=range]), textarea, [role=dialog], [role=listbox], [aria-expanded=true]");
}

/* On a phone the sidebar lies over the page. */
function foldSidebar() {
  if (innerWidth > 640) return;
  const side = document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
  side?.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
