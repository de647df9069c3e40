/* The picture that the card speaks of: scrolled into sight, outlined, and not covered by the card. */

const HUNG = 300; // ms without a change, after which the page counts as drawn
const PATIENCE = 6000;
const GAP = 8;
const ROOM = 340; // px that a card over the page gets, though the picture's top then leaves the screen
const LEAD = 120; // px above a picture that belong to it, at most

export function watchPicture(root, outline) {
  const html = document.documentElement;
  const wide = matchMedia("(min-width: 641px)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let view = {};
  let until = 0; // when to leave the scrolling to the user; Infinity until the picture is there
  let timer = 0;

  const picture = () => document.querySelector(`.st-key-${CSS.escape(view.anchor ?? "")}`);
  const bar = () => document.querySelector(".st-key-rv-time");
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(place, HUNG);
  };

  /* What stands above the picture once it has been scrolled up. */
  function ceiling(one) {
    const header = document.querySelector('[data-testid="stHeader"]')?.getBoundingClientRect();
    const above = bar()?.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    const sticks = wide.matches && above ? bar().getBoundingClientRect().height + GAP : 0;
    return Math.max(header?.bottom ?? 0, 0) + sticks + GAP;
  }

  /* What stands beside the picture may begin above it. */
  function lead(one) {
    const row = wide.matches && one.closest('[data-testid="stHorizontalBlock"]');
    const above = row ? one.getBoundingClientRect().top - row.getBoundingClientRect().top : 0;
    return above < LEAD ? above : 0;
  }

  function place() {
    const scroller = document.querySelector('[data-testid="stMain"]');
    const one = picture();
    const floor = wide.matches ? 0 : (bar()?.getBoundingClientRect().height ?? 0);
    html.style.setProperty("--rv-tour-bottom", `${floor + GAP}px`);
    if (!one || !scroller) {
      html.dataset.rvTour = wide.matches && !view.anchor ? "beside" : "over";
      return;
    }
    if (until === Infinity) until = performance.now() + PATIENCE;
    html.dataset.rvTour = wide.matches ? "beside" : "over";
    const start = ceiling(one) + lead(one);
    const end = start + Math.min(view.room || Infinity, one.getBoundingClientRect().height);
    const rest = innerHeight - floor - 2 * GAP - end;
    const height = Math.max(rest, Math.min(root.scrollHeight + 4, ROOM));
    html.style.setProperty("--rv-tour-height", `${height}px`);
    const top = wide.matches ? start : start + rest - height;
    const off = one.getBoundingClientRect().top - top;
    if (performance.now() > until || Math.abs(off) < 2) return;
    scroller.scrollBy({ top: off, behavior: still.matches ? "auto" : "smooth" });
    later();
  }

  const abort = new AbortController();
  const leave = ({ target }) => {
    if (!root.contains(target)) until = 0;
  };
  for (const name of ["wheel", "touchmove", "pointerdown"]) {
    window.addEventListener(name, leave, { passive: true, capture: true, signal: abort.signal });
  }
  window.addEventListener("resize", later, { signal: abort.signal });
  const changes = new MutationObserver((all) => {
    if (performance.now() < until && all.some(({ target }) => !root.contains(target))) later();
  });
  changes.observe(document.body, { childList: true, subtree: true });

  return {
    watch(next, moved) {
      view = next;
      const key = CSS.escape(view.anchor ?? "");
      outline.textContent = key && view.state !== "elsewhere"
        ? `.st-key-${key} { outline: 2px solid var(--rv-tour-mark); outline-offset: 4px; }` : "";
      if (moved) {
        until = Infinity;
        delete html.dataset.rvTour;
      }
      later();
      html.dataset.rvTour ??= "over";
    },
    stop() {
      abort.abort();
      changes.disconnect();
      clearTimeout(timer);
      delete html.dataset.rvTour;
    },
  };
}
