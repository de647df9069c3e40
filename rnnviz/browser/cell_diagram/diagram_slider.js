/* The slider of a wire's weight and its number, over the wire's knob. While they move, the sum is
 * worked out here and its box follows; let go, Python is told and everything does. */

import { make } from "../_dom.js";
import { plain } from "./diagram_numbers.js";
import { setHtmlSymbol, write } from "./diagram_symbols.js";
import { brief, changed, everyTerm, reachOf, sendBack, sendEdit, squashed } from "./diagram_terms.js";

/* h(t−1): a menu has no subscripts. */
const inALine = (symbol) => symbol.replace(/_\{([^}]*)\}|_(\w)/g, (_, long, one) => `(${long ?? one})`);

/* One for the whole drawing; it outlives redrawings, so that a drag and the focus do too. */
export function wireSlider(root, state) {
  const box = Object.assign(document.createElement("div"), { className: "rv-wire", hidden: true });
  box.setAttribute("role", "dialog");
  const head = make("div", "rv-wire-head", box);
  const title = make("b", "", head);
  const mark = make("span", "rv-mark", head);
  const close = wireButton(head, "rv-close", () => shut(true));
  const source = make("select", "", box);
  const row = make("div", "rv-wire-row", box);
  const slide = Object.assign(make("input", "", row), { type: "range", step: "any" });
  const typed = Object.assign(make("input", "", row), { type: "number", step: "any" });
  const result = make("p", "rv-wire-sum", box);
  const foot = make("div", "rv-wire-row", box);
  const reset = wireButton(foot, "rv-more", takeBack);
  const note = make("span", "rv-quiet", foot);
  let [key, part, terms, term] = [null, null, [], null];

  const nodeTerms = () => everyTerm(state.view.cells[0].sums[part.edit.node.name], state);
  const nameOf = (one) => `${one.parameter}:${one.place}`;

  function open(next) {
    key = next.key;
    fill(next, null);
    root.append(box);
    box.hidden = false;
    place();
    slide.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }

  /* The wire's weights as they are now: of several, the one that brings most at this step. */
  function fill(next, kept) {
    part = next;
    const { words } = state.view;
    terms = nodeTerms();
    const own = terms.filter(({ group }) => part.edit.groups.includes(group));
    const most = (t) => own.reduce((a, b) => (Math.abs(b.past(t) * b.now) > Math.abs(a.past(t) * a.now) ? b : a));
    term = own.find((one) => nameOf(one) === kept) ?? most(state.t);
    close.textContent = words.close;
    reset.textContent = words.reset;
    note.textContent = words.release;
    source.hidden = own.length < 2;
    source.setAttribute("aria-label", words.source);
    source.replaceChildren(...own.map((one) => {
      const said = one.group.source ? (part.source.op === "input" ? words.fromInput : words.fromUnit) : one.label;
      const text = said.replace("{source}", inALine(one.group.source)).replace("{k}", one.number);
      return new Option(text, nameOf(one), false, one === term);
    }));
    show();
  }

  /* The chosen weight in every control. */
  function show() {
    const { words } = state.view;
    title.replaceChildren();
    setHtmlSymbol(title, term.label);
    const name = words.edit.replace("{weight}", term.label);
    for (const one of [box, slide, typed]) one.setAttribute("aria-label", name);
    const reach = reachOf(term);
    Object.assign(slide, { min: -reach, max: reach });
    slide.value = term.now;
    if (document.activeElement !== typed) typed.value = brief(term.now);
    write(mark, term.edited ? words.edited : "");
    paint(state.t);
  }

  function paint(t) {
    if (!key) return;
    reset.disabled = !changed(state, term);
    const { node } = part.edit;
    const total = terms.reduce((sum, one) => sum + one.past(t) * one.weight(), 0);
    const after = squashed(node.phi, total);
    const past = term.name ? `${term.name} · ${term.label} = ${plain(term.past(t) * term.now)}` : "";
    state.maps[0].parts.find((one) => one.key === node.name).preview(after);
    const sum = node.phi ? `${node.phi}(${plain(total, 4)}) = ` : "";
    result.replaceChildren();
    for (const line of [past, `${node.symbol} = ${sum}${plain(after, 4)}`]) {
      if (line) setHtmlSymbol(make("span", "", result), line);
    }
  }

  function take(input, done) {
    const value = Number(input.value);
    if (!term || input.value === "" || !Number.isFinite(value) || Math.abs(value) > 1000) return;
    term.now = value;
    if (input !== typed) typed.value = brief(value);
    if (input !== slide) slide.value = value;
    paint(state.t);
    if (done) sendEdit(state, term);
  }

  function takeBack() {
    if (!term.edited) term.now = term.start;
    sendBack(state, term);
    show();
    slide.focus({ preventScroll: true });
  }

  function shut(back) {
    if (!key) return;
    const element = part?.element;
    [key, part, term] = [null, null, null];
    box.hidden = true;
    state.maps[0].paint(state.t);
    if (back) element?.focus({ preventScroll: true });
  }

  /* Under the knob and under the box of its sum, never beyond the drawing's sides or the screen's. */
  function place() {
    const [home, rim] = [part.element.querySelector(".rv-knob").getBoundingClientRect(), root.getBoundingClientRect()];
    const right = Math.min(rim.right, document.documentElement.clientWidth - 8) - rim.left;
    const x = (home.left + home.right) / 2 - rim.left;
    box.style.left = `${Math.max(Math.min(x - box.offsetWidth / 2, right - box.offsetWidth), 0)}px`;
    const { bottom } = part.edit;
    const edge = part.element.ownerSVGElement.getBoundingClientRect().top + bottom;
    box.style.top = `${Math.max(home.bottom, edge) - rim.top + 8}px`;
  }

  for (const input of [slide, typed]) {
    input.addEventListener("input", () => take(input, false));
    input.addEventListener("change", () => take(input, true));
  }
  source.addEventListener("change", () => {
    const next = terms.find((one) => nameOf(one) === source.value);
    term.now = term.start;
    term = next;
    show();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    shut(true);
  });

  return {
    box, open, paint, shut,
    openAt: () => key,
    /* After a redrawing: the same wire, the same weight, as they are now; or none any more. */
    again(parts) {
      if (!key) return;
      const next = parts.find((one) => one.key === key && one.edit);
      if (!next) return shut(false);
      fill(next, term && nameOf(term));
      place();
    },
  };
}

function wireButton(parent, name, act) {
  const one = make("button", name, parent);
  one.type = "button";
  one.addEventListener("click", act);
  return one;
}
