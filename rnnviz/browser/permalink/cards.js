/* Cards of the map of all pages lead to the page within this session, as Streamlit's own links do.
 *
 * Streamlit shows the page that the address names when the browser goes through its history. */

const CARD = ".rv-card a";

export function cardsInSession() {
  if (document.rvCards) return;
  document.rvCards = true;
  for (const event of ["pointerdown", "keydown", "focusin"]) {
    document.addEventListener(event, ({ target }) => {
      const link = target.closest?.(CARD);
      if (link) link.search = location.search; // the settings, also for a new tab
    }, true);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(CARD);
    const elsewhere = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || elsewhere) return;
    event.preventDefault();
    link.search = location.search;
    history.pushState(null, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
  });
}
