/* Numbers and symbols in the line above the portrait. */

import { make } from "../_dom.js";
import { raised } from "../_shared.js";

export function part(words, strong = false) {
  const one = make("span", strong ? "rv-strong" : "");
  const [start, rest] = words.split("_t");
  one.append(start);
  if (rest !== undefined) {
    make("sub", "", one).textContent = "t";
    one.append(rest);
  }
  return one;
}

export function number(v) {
  if (v === 0) return "0";
  if (!Number.isFinite(v)) return Number.isNaN(v) ? "NaN" : v > 0 ? "∞" : "−∞";
  let words = Math.abs(v) >= 100 ? Math.abs(v).toFixed(0) : Math.abs(v).toPrecision(3);
  if (Math.abs(v) < 1e-3 || Math.abs(v) >= 1e4) {
    const [mantissa, exponent] = Math.abs(v).toExponential(2).split("e");
    words = `${mantissa}·10${raised(Number(exponent))}`;
  }
  return (v < 0 ? "−" : "") + words;
}
