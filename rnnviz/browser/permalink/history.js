/* One entry a page in the browser's history: Back leads to the page before, as it was left.
 *
 * Streamlit makes an entry of every parameter that the script writes into the address. Back would
 * walk through settings that never were, each of which the script would then set. */

const LINK = '[data-testid="stPageLink-NavLink"]';

export function oneEntryAPage() {
  if (history.rvPush) return;
  history.rvPush = history.pushState;
  let left = ""; // the address at which a link was followed
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.(LINK)) left = location.href;
  }, true);
  history.pushState = (state, title, url) => {
    const same = new URL(url ?? "", location.href).pathname === location.pathname;
    if (same) return history.replaceState(state, title, url);
    // Parameters of the next page can come before its path, into the entry of the page that is left.
    if (left) history.replaceState(history.state, "", left);
    left = "";
    return history.rvPush(state, title, url);
  };
}
