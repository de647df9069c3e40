/* Texts that change with time, and symbols with their subscripts. */

import { make, shape } from "../_dom.js";

/* Set the text node: a new child would trigger every observer that looks for new charts. */
export function write(element, words) {
  const text = element.firstChild ?? element.appendChild(document.createTextNode(""));
  if (text.data !== words) text.data = words;
}

export const symbolIn = (cell, name) => cell.nodes.find((node) => node.name === name)?.symbol ?? name;
const SUB = /([^\s_{}])_(?:\{([^{}]*)\}|([^\s_{}()[\]‖⊙+·,=;:/.가-힣]+))/;

function subscripted(text, plainly, lowered) {
  for (let rest = text; rest; ) {
    const hit = SUB.exec(rest);
    if (!hit) return void plainly(rest);
    plainly(rest.slice(0, hit.index + 1));
    lowered(hit[2] ?? hit[3]);
    rest = rest.slice(hit.index + hit[0].length);
  }
}

/* The text after a subscript is shifted back up: in SVG a shift applies to all that follows. */
export function setSymbol(text, symbol) {
  let low = false;
  const part = (words, down) => {
    const tspan = shape("tspan", down ? { class: "rv-sub" } : {}, text);
    tspan.textContent = words;
    if (down !== low) tspan.setAttribute("dy", down ? 3 : -3);
    low = down;
  };
  subscripted(symbol, (words) => part(words, false), (words) => part(words, true));
}

export function setHtmlSymbol(element, text) {
  subscripted(text, (part) => element.append(part), (part) => (make("sub", "", element).textContent = part));
}
