/* What the card says. */

export function element(name, className, text) {
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

export function parts(view, answer, choose, ask) {
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
  // A picture that is shown already needs no guess.
  const seen = state === "shows" && view.hides;
  const told = state !== "elsewhere" && state !== "asks" && (answer !== undefined || seen);
  const restore = () => ask(`${answer === undefined ? "go" : "show"}:${view.n}`);
  const body = [];
  if (view.notice) body.push(element("p", "rv-tour-notice", view.notice));
  if (!["changed", "elsewhere"].includes(state)) body.push(element("p", "rv-tour-look", view.look));
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
  return [found];
}
