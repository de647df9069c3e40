/* The tour's card: asks, then says what is so, beside the picture that it speaks of.
 *
 * Arrow keys stay with time wherever the focus is, but on the card's buttons; Esc ends the tour.
 */

const chosen = new Map(); // step -> answer, kept when the page is switched
const HUNG = 300; // ms without a change, after which the page counts as drawn
const PATIENCE = 6000;
const GAP = 8;

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
    if (told) root.scrollTop = told.offsetTop + told.offsetHeight + 96 - root.clientHeight;
  }

  function draw() {
    delete root.dataset.waiting;
    root.setAttribute("aria-label", view.words.region);
    root.replaceChildren(...parts(view, chosen.get(view.n), choose, ask));
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

/* ---- what the card says ------------------------------------------------------ */

function element(name, className, text) {
  const one = document.createElement(name);
  one.className = className;
  if (text !== undefined) one.append(...set(text));
  return one;
}

/* Symbols as in an equation: W_h and c_(t−1) with a subscript. */
function set(text) {
  return text.split(/(?<=[A-Za-z])_([a-z](?![a-z])|\([^)]*\))/).map((part, k) => {
    if (k % 2 === 0) return part;
    const sub = document.createElement("sub");
    sub.textContent = part.replace(/^\(|\)$/g, "");
    return sub;
  });
}

function button(text, act, className = "") {
  const one = element("button", className, text);
  one.type = "button";
  one.addEventListener("click", act);
  return one;
}

function parts(view, answer, choose, ask) {
  const { words, state } = view;
  const head = element("div", "rv-tour-head");
  head.append(element("span", "rv-tour-quiet", view.of));
  head.append(button(words.close, () => ask("end"), "rv-tour-close"));
  const title = element("h2", "", view.title);
  title.tabIndex = -1;
  const status = element("p", "rv-tour-status");
  status.setAttribute("role", "status");
  const foot = element("div", "rv-tour-foot");
  foot.setAttribute("role", "toolbar");
  const top = [head, title];
  if (state === "over") {
    foot.append(...view.links.map(({ page, label }) => button(label, () => ask(`page:${page}`))));
    return [...top, element("p", "", view.look), foot, status];
  }
  // What a hidden picture shows by now needs no guess any more.
  const seen = state === "shows" && view.hides;
  const told = state !== "elsewhere" && state !== "asks" && (answer !== undefined || seen);
  const restore = () => ask(`${answer === undefined ? "go" : "show"}:${view.n}`);
  const body = [];
  if (view.notice) body.push(element("p", "rv-tour-notice", view.notice));
  if (!told && !["changed", "elsewhere"].includes(state)) body.push(element("p", "", view.look));
  if (state !== "elsewhere" && (told || state !== "changed")) {
    body.push(element("p", "rv-tour-question", view.question));
    body.push(answers(view, answer, told, choose));
  }
  if (told) body.push(...verdict(view, answer));
  if (view.n > 1) foot.append(button(words.back, () => ask(`go:${view.n - 1}`)));
  if (["changed", "elsewhere"].includes(state)) foot.append(button(words.restore, restore, "rv-tour-on"));
  if (told || answer !== undefined) {
    foot.append(button(words.next, () => ask(`go:${view.n + 1}`), state === "shows" ? "rv-tour-on" : ""));
  }
  return [...top, ...body, status, foot];
}

function answers(view, answer, told, choose) {
  const group = element("div", "rv-tour-answers");
  group.setAttribute("role", "toolbar");
  group.setAttribute("aria-label", view.question);
  view.answers.forEach((text, k) => {
    const one = group.appendChild(button(text, () => choose(k)));
    one.setAttribute("aria-pressed", String(k === answer));
    if (k === answer) one.dataset.chosen = "";
    if (told && k === view.answer) one.dataset.so = "";
    one.disabled = answer !== undefined || told;
  });
  return group;
}

function verdict(view, answer) {
  const { words } = view;
  const found = element("p", "rv-tour-told");
  found.tabIndex = -1;
  if (view.broken) {
    found.append(element("span", "rv-tour-verdict", view.broken));
    return [found];
  }
  if (answer !== undefined) {
    found.append(element("span", "rv-tour-verdict", answer === view.answer ? words.right : words.wrong), " ");
  }
  found.append(...set(view.truth));
  return [found, element("p", "rv-tour-quiet rv-tour-checked", words.checked)];
}

/* ---- the picture, in sight and uncovered -------------------------------------- */

function watchPicture(root, outline) {
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

  function place() {
    const scroller = document.querySelector('[data-testid="stMain"]');
    const one = picture();
    const floor = wide.matches ? 0 : (bar()?.getBoundingClientRect().height ?? 0);
    html.style.setProperty("--rv-tour-bottom", `${floor + GAP}px`);
    if (!one || !scroller) return void (html.dataset.rvTour = "over");
    if (until === Infinity) until = performance.now() + PATIENCE;
    const top = ceiling(one);
    const end = top + Math.min(view.room || Infinity, one.getBoundingClientRect().height);
    const rest = innerHeight - floor - 2 * GAP - end;
    html.style.setProperty("--rv-tour-height", `${Math.max(rest, 160)}px`);
    const covers = wide.matches && end + GAP > root.getBoundingClientRect().top;
    // Once beside the picture it stays there: narrower, the picture may fit and then not fit again.
    if (covers || html.dataset.rvTour !== "beside") html.dataset.rvTour = covers ? "beside" : "over";
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
