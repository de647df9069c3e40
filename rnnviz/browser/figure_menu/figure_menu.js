/* A quiet button on every figure, and its menu.
 *
 * Figures are Plotly's charts, and of our own drawings the boxes in OURS. The button stands in the
 * figure's box, so that it goes with it; the menu stands in the body. */

import { make } from "../_dom.js";
import { opener, saveData, savePicture, table } from "./figure_save.js";

const OURS = ".rv-overview-plot, .rv-map, .rv-folded, .rv-unrolled, .rv-graph, .rv-portrait-plot";

/* Watches the page; a drawing of ours offers CSV where its box has `rvTable`, which returns rows. */
export function figureMenu() {
  let words = {};
  let open = null; // {menu, button}
  let queued = 0;
  const abort = new AbortController();
  const on = { signal: abort.signal };

  function scan() {
    queued = 0;
    if (document.documentElement.hasAttribute("data-rv-moving")) {
      queued = requestAnimationFrame(scan);
      return;
    }
    if (open && !open.button.isConnected) close();
    for (const box of document.querySelectorAll(`.js-plotly-plot .svg-container, ${OURS}`)) {
      box.classList.toggle("rv-figure", true);
      if (!box.querySelector(":scope > .rv-menu-button") && box.querySelector("svg")) add(box);
    }
  }

  function add(box) {
    const button = make("button", "rv-menu-button", box);
    button.type = "button";
    button.textContent = "⋯";
    button.setAttribute("aria-label", words.menu);
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    // Plotly would begin a zoom, and our drawings a drag.
    button.addEventListener("pointerdown", (event) => event.stopPropagation());
    button.addEventListener("mousedown", (event) => event.stopPropagation());
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      if (open?.button === button) close();
      else show(box, button);
    });
  }

  function show(box, button) {
    close();
    const menu = make("div", "rv-menu", document.fullscreenElement ?? document.body);
    menu.setAttribute("role", "menu");
    const look = getComputedStyle(document.querySelector('[data-testid="stApp"]'));
    menu.style.setProperty("--rv-menu-ground", look.backgroundColor);
    menu.style.setProperty("--rv-menu-text", look.color);
    const ground = look.backgroundColor;
    item(menu, words.png, () => savePicture(box, "png", ground));
    item(menu, words.svg, () => savePicture(box, "svg", ground));
    const rows = table(box);
    if (rows) item(menu, words.csv, () => saveData(box, rows));
    const more = opener(box);
    if (more) item(menu, words.more, more);
    item(menu, words.full, () => fill(box));
    const place = button.getBoundingClientRect();
    menu.style.left = `${Math.max(8, place.right - menu.offsetWidth)}px`;
    const above = place.bottom + menu.offsetHeight > innerHeight;
    menu.style.top = `${above ? place.top - menu.offsetHeight : place.bottom}px`;
    button.setAttribute("aria-expanded", "true");
    open = { menu, button };
    menu.firstChild.focus();
  }

  function item(menu, text, act) {
    const one = make("button", "", menu);
    one.type = "button";
    one.textContent = text;
    one.setAttribute("role", "menuitem");
    one.addEventListener("click", () => {
      close(true);
      act();
    });
  }

  function close(back) {
    if (!open) return;
    const { menu, button } = open;
    open = null;
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus({ preventScroll: true });
  }

  function key(event) {
    if (!open) return;
    const items = [...open.menu.children];
    const now = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (step) items[(now + step + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  window.addEventListener("keydown", key, { capture: true, ...on });
  document.addEventListener("pointerdown", (event) => {
    if (open && !open.menu.contains(event.target) && event.target !== open.button) close();
  }, { capture: true, ...on });
  document.addEventListener("scroll", () => close(), { capture: true, passive: true, ...on });
  const watch = new MutationObserver(() => (queued ||= requestAnimationFrame(scan)));
  watch.observe(document.body, { childList: true, subtree: true });

  return {
    update(said) {
      words = said;
      for (const one of document.querySelectorAll(".rv-menu-button")) {
        one.setAttribute("aria-label", words.menu);
      }
      scan();
    },
    unmount() {
      close();
      abort.abort();
      watch.disconnect();
      cancelAnimationFrame(queued);
      for (const one of document.querySelectorAll(".rv-menu-button")) one.remove();
    },
  };
}

/* Streamlit's own full screen draws a chart anew at the new size; a drawing of ours is enlarged. */
function fill(box) {
  const bar = box.querySelectorAll(".modebar-btn");
  const own = [...bar].find((one) => /full ?screen/i.test(one.dataset.title ?? ""));
  if (own) own.click();
  else if (document.fullscreenElement) document.exitFullscreen();
  else box.requestFullscreen?.();
}
