/* Pointing at a part, walking from part to part with the keyboard, choosing a unit. */

import { make } from "../_dom.js";
import { plain, power } from "./diagram_numbers.js";
import { SIZES } from "./diagram_places.js";
import { setHtmlSymbol } from "./diagram_symbols.js";
import { appearance } from "./diagram_values.js";

const HEADER = 60; // px at the top of the page that are covered

export function interact(svg, parts, map, state, tip, cell) {
  const { view } = state;
  const byElement = new Map(parts.map((part) => [part.element, part]));
  const partAt = (target) => byElement.get(target.closest?.(".rv-node, .rv-path"));
  parts.sort((a, b) => Number(Boolean(b.node)) - Number(Boolean(a.node)) || a.where[0] - b.where[0]);
  for (const { element, name } of parts) element.setAttribute("aria-label", name.replace(/[{}]/g, ""));
  parts[0].element.setAttribute("tabindex", 0);
  let current = null;

  map.say = (t) => {
    if (!current) return;
    const one = current.read(t);
    const number = view.back ? view.words.gradient.replace("{value}", power(one, 3)) : view.words.value.replace("{value}", plain(one.value, 4));
    const weight = current.edit?.weight ?? (view.back ? "" : current.sets);
    const set = weight && view.words.set.replace("{weight}", weight);
    const lines = [current.name, number, current.means, set].filter(Boolean);
    current.element.setAttribute("aria-label", lines.join("; ").replace(/[{}]/g, ""));
    if (tip.hidden) return;
    tip.replaceChildren();
    lines.forEach((line, k) => setHtmlSymbol(make(k ? "span" : "b", "", tip), line));
  };
  function show(part) {
    if (part === current) return;
    for (const one of [current?.element, current?.under]) one?.removeAttribute("data-at");
    current = part;
    map.at = part?.key ?? null;
    tip.hidden = !part;
    if (!part) return;
    for (const one of [part.element, part.under]) one?.setAttribute("data-at", "");
    map.say(state.t);
    const [home, root] = [svg.getBoundingClientRect(), tip.parentElement.getBoundingClientRect()];
    const x = home.left - root.left + part.where[0];
    const wide = tip.offsetWidth;
    tip.style.left = `${Math.min(Math.max(x - wide / 2, 0), root.width - wide)}px`;
    const above = home.top + part.where[1] - tip.offsetHeight - 8;
    const below = part.element.getBoundingClientRect().bottom + 8;
    tip.style.top = `${(above < HEADER ? below : above) - root.top}px`;
  }
  svg.addEventListener("pointerover", ({ target }) => show(partAt(target) ?? null));
  svg.addEventListener("pointerleave", () => show(byElement.get(svg.querySelector(":focus-visible")) ?? null));
  svg.addEventListener("focusin", ({ target }) => show(partAt(target)));
  svg.addEventListener("focusout", () => show(null));
  svg.addEventListener("click", ({ target }) => {
    const part = partAt(target);
    if (!view.large) return view.alone || state.send("choose", cell.name);
    if (part?.edit) state.slider.open(part);
    else state.slider.shut(false);
    if (part?.node) map.open(part.node.name);
  });
  svg.addEventListener("keydown", (event) => {
    const at = parts.findIndex(({ element }) => element === document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && at >= 0) {
      const next = parts[(at + step + parts.length) % parts.length];
      parts.forEach(({ element }) => element.setAttribute("tabindex", -1));
      next.element.setAttribute("tabindex", 0);
      next.element.focus();
    } else if (["Enter", " "].includes(event.key) && at >= 0 && (parts[at].node || !view.large)) {
      if (view.large) map.open(parts[at].node.name);
      else if (!view.alone) state.send("choose", cell.name);
    } else if (["Enter", " "].includes(event.key) && parts[at]?.edit) {
      state.slider.open(parts[at]);
    } else if (event.key === "Escape" && map.opened) map.open(map.opened);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/* All units of the hidden state side by side: a click chooses one. */
export function unitStrip(figure, cell, { view, send }, painters) {
  const strip = make("div", "rv-units", figure);
  setHtmlSymbol(make("span", "rv-quiet", strip), view.words.units);
  const units = cell.units.map((row, k) => {
    const one = make("button", "", strip);
    Object.assign(one, { type: "button", tabIndex: k === cell.unit ? 0 : -1, title: String(k) });
    one.setAttribute("aria-label", view.words.unit.replace("{k}", k));
    one.setAttribute("aria-pressed", k === cell.unit);
    one.addEventListener("click", () => send("unit", k));
    return { one, row };
  });
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = units.findIndex(({ one }) => one === document.activeElement);
    if (!step || at < 0) return;
    units[(at + step + units.length) % units.length].one.focus();
    event.preventDefault();
  });
  painters.push((t) => {
    for (const { one, row } of units) {
      const { look } = appearance({ value: view.at(row, t) }, false, SIZES.large);
      if (one.dataset.look !== look) one.dataset.look = look;
    }
  });
}
