/* Copies a link to the page as it is shown: the address with language and timestep in it.
 * A link longer than data.longest is compressed by Python first. */

import { mounted } from "../_shared.js";
import { figureMenu } from "../figure_menu/figure_menu.js";
import { cardsInSession } from "./cards.js";
import { oneEntryAPage } from "./history.js";

export default mounted(mount);

function mount(parent) {
  const root = document.createElement("div");
  root.className = "rv-link";
  const button = root.appendChild(document.createElement("button"));
  button.type = "button";
  const status = root.appendChild(document.createElement("span"));
  status.className = "rv-link-said";
  status.setAttribute("role", "status");
  const field = root.appendChild(document.createElement("input"));
  field.readOnly = true;
  field.hidden = true;
  parent.append(root);
  let view = null;
  let ask = null;
  let waiting = ""; // the query whose folded form is to be copied
  let quiet = 0;
  const menu = figureMenu();
  oneEntryAPage();
  cardsInSession();

  function address(query) {
    const url = new URL(location.href);
    url.search = new URLSearchParams(query);
    url.searchParams.delete("before"); // the way back from the tour is this visitor's own
    // A link out of a lecture page opens the whole app.
    for (const key of ["embed", "embed_options"]) url.searchParams.delete(key);
    url.searchParams.set("lang", view.language);
    const t = document.documentElement.dataset.rvT;
    if (t && document.querySelector(".st-key-rv-time")) url.searchParams.set("t", t);
    url.hash = "";
    return url.href.replaceAll("%2C", ",").replaceAll("%3A", ":");
  }

  async function copy(link) {
    root.dataset.link = link;
    try {
      await navigator.clipboard.writeText(link);
      field.hidden = true;
    } catch {
      // No clipboard: an insecure address, or no permission.
      field.value = link;
      field.hidden = false;
      field.setAttribute("aria-label", view.words.by_hand);
      field.select();
      return;
    }
    status.textContent = view.words.copied;
    clearTimeout(quiet);
    quiet = setTimeout(() => (status.textContent = ""), 2500);
  }

  button.addEventListener("click", () => {
    const link = address(location.search);
    if (link.length <= view.longest) return copy(link);
    waiting = location.search.slice(1);
    if (view.short?.asked === waiting) return folded();
    ask("fold", waiting);
  });

  function folded() {
    waiting = "";
    copy(address({ p: view.short.p }));
  }

  return {
    update(data, setTriggerValue) {
      view = data;
      ask = setTriggerValue;
      document.documentElement.lang = data.language;
      button.textContent = data.words.copy;
      menu.update(data.figures);
      if (waiting && data.short?.asked === waiting) folded();
    },
    unmount() {
      clearTimeout(quiet);
      menu.unmount();
      root.remove();
    },
  };
}
