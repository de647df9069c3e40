/* The share of the followed loss's gradient that is left at a step, in words. */

import { powerOfTen } from "../_shared.js";

/* What is left of what the followed loss sends to its own step, or by how much it has grown; ""
 * where there is none. */
export function left(view, k, t) {
  const share = view.rows[k][t] - view.rows[k][view.start];
  if (t > view.start || !Number.isFinite(share)) return "";
  if (share > 0.0021) return `× ${powerOfTen(share, 2)}`;
  const value = 100 * 10 ** share;
  const percent = `${value >= 9.95 ? value.toFixed(0) : value.toPrecision(2)}\u202f%`;
  return view.words.left.replace("{share}", share <= -4 ? powerOfTen(share, 2) : percent);
}
