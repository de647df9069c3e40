/* The page on paper: everything made, folds open, in light colours, as wide as on the screen. */

const PAPER = 700; // CSS pixels: between the margins of A4 and of Letter

/* `ready` makes what is not made yet; `light` shows light colours, or again what was before. */
export function onPaper(page, ready, light) {
  let closed = [];

  window.addEventListener("beforeprint", () => {
    closed = [...page.querySelectorAll(".rp-fold:not([open])")];
    for (const fold of closed) fold.open = true;
    light(true);
    ready();
    // Charts keep the width that they have on the screen: so the whole page is made smaller.
    const wide = page.offsetWidth;
    page.style.setProperty("--rp-wide", `${wide}px`);
    page.style.setProperty("--rp-zoom", Math.min(1, PAPER / wide));
  });
  window.addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    light(false);
  });
}
