/* What widths, colours and gauges mean. */

import { make } from "../_dom.js";
import { raised } from "../_shared.js";
import { SIZES } from "./diagram_places.js";
import { setHtmlSymbol } from "./diagram_symbols.js";
import { appearance } from "./diagram_values.js";

export function gaugesBelow(figure, cell) {
  const list = make("p", "rv-gauges", figure);
  for (const { symbol, means, color } of cell.nodes.filter((node) => node.meaning)) {
    const one = make("span", "", list);
    const sign = make("b", "", one);
    setHtmlSymbol(sign, symbol);
    sign.style.color = color;
    one.append(` ${means}`);
  }
}

export function legend(root, view) {
  const { words, back, large, fixed } = view;
  const size = large ? SIZES[root.getBoundingClientRect().width < 640 ? "narrow" : "large"] : SIZES.compact;
  const line = make("p", "rv-key", root);
  const scale = back ? [-6, -3, 0] : [-2, -1, 0];
  const wedge = make("span", "", line);
  wedge.append(`${words.width} `);
  for (const log of scale) {
    const { width } = appearance(back ? { log, sign: 1 } : { value: 10 ** log }, back, size);
    const bar = make("i", "", wedge);
    bar.style.height = `${width}px`;
    wedge.append(log ? `10${raised(log)}` : "1");
  }
  for (const name of ["minus", "plus"]) {
    const one = make("span", "", line);
    const bar = make("i", "", one);
    Object.assign(bar.style, { height: "6px", background: `var(--rv-${name}-1)` });
    one.append(words[name]);
  }
  make("span", "", line).textContent = words.below.replace("{value}", back ? "10⁻⁹" : "10⁻³");
  if (large) make("p", "rv-key", root).textContent = [words.hint, fixed ? "" : words.knob].filter(Boolean).join(" ");
}
