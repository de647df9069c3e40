/* Numbers in the live tables and sentences. */

import { powerOfTen, raised } from "../_shared.js";

const strange = (v) => (Number.isNaN(v) ? "not finite" : v > 0 ? "∞" : "−∞");

/* Three significant digits; as a power of ten below 10⁻³ and from 10⁴. */
export function plain(v) {
  if (!Number.isFinite(v)) return strange(v);
  if (v === 0) return "0";
  const sign = v < 0 ? "−" : "";
  const [mantissa, exponent] = Math.abs(v).toExponential(2).split("e");
  if (exponent < -3 || exponent > 3) return `${sign}${mantissa}·10${raised(Number(exponent))}`;
  return sign + Math.abs(v).toFixed(Math.max(0, 2 - exponent));
}

export const signed = (v) => (v > 0 ? `+${plain(v)}` : plain(v));

/* After a plus sign: "a + −0.3" is written "a − 0.3". */
export const term = (v) => (v < 0 ? `− ${plain(-v)}` : `+ ${plain(v)}`);

/* A log₁₀ as two digits and a power of ten. */
export function power(v) {
  if (v === -Infinity) return "0";
  if (!Number.isFinite(v)) return strange(v);
  return powerOfTen(v, 2);
}
