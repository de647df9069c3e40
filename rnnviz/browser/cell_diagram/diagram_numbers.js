/* Numbers as people read them, sums that add up in print, gradients beyond the range of floats. */

import { powerOfTen, raised } from "../_shared.js";

const strange = (v) => (Number.isNaN(v) ? "—" : v > 0 ? "∞" : "−∞");

/* Three significant digits; as a power of ten below 10⁻³ and from 10⁴. */
export function plain(v, digits = 3) {
  if (!Number.isFinite(v)) return strange(v);
  if (v === 0) return "0";
  const sign = v < 0 ? "−" : "";
  const [mantissa, exponent] = Math.abs(v).toExponential(digits - 1).split("e");
  if (exponent < -3 || exponent > 3) return `${sign}${mantissa}·10${raised(Number(exponent))}`;
  return sign + Math.abs(v).toFixed(Math.max(0, digits - 1 - exponent));
}

/* sign · 10^log as two or three digits. */
export function power({ log, sign }, digits = 2) {
  if (log === -Infinity) return "0";
  if (!Number.isFinite(log)) return strange(log);
  return (sign < 0 ? "−" : "") + powerOfTen(log, digits);
}

/* For a narrow place: one digit where the exponent takes the room. */
export function short(one) {
  const text = power(one);
  return text.length > 9 ? power(one, 1) : text;
}

/* The sum of numbers given as logarithm and sign, on the scale of the largest. */
export function added(parts) {
  const top = parts.reduce((most, { log }) => (log > most || Number.isNaN(log) ? log : most), -Infinity);
  if (!Number.isFinite(top)) return { log: top, sign: 0 };
  const total = parts.reduce((sum, { log, sign }) => sum + (sign || 0) * 10 ** (log - top), 0);
  return { log: top + Math.log10(Math.abs(total)), sign: Math.sign(total) };
}

/* Terms and their sum, rounded to one number of decimals so that the printed ones add up: every
 * term is rounded down, and those that lost most get the units that are then missing. With a
 * power of ten where plain decimals would be all zeros or too long. */
export function ledger(values, least = 3) {
  const total = values.reduce((sum, v) => sum + v, 0);
  const largest = Math.max(...values.map(Math.abs), Math.abs(total));
  if (!Number.isFinite(largest)) return { terms: values.map((v) => plain(v)), total: plain(total) };
  const size = largest > 0 ? Math.floor(Math.log10(largest)) : 0;
  const shift = size < -3 || size > 5 ? size : 0;
  const decimals = Math.min(Math.max(least - (size - shift), 0), least + 3);
  // Through text: 10 ** decimals / 10 ** shift may be neither exact nor finite.
  const units = values.map((v) => v * 10 ** decimals * 10 ** -shift);
  const whole = Math.round(total * 10 ** decimals * 10 ** -shift);
  const floors = units.map(Math.floor);
  let missing = whole - floors.reduce((sum, v) => sum + v, 0);
  const order = units.map((v, k) => k).sort((a, b) => units[b] - floors[b] - (units[a] - floors[a]));
  for (let k = 0; missing > 0 && order.length; k = (k + 1) % order.length, missing -= 1) floors[order[k]] += 1;
  for (let k = order.length - 1; missing < 0 && k >= 0; k -= 1, missing += 1) floors[order[k]] -= 1;
  const write = (n) => {
    const digits = String(Math.abs(n)).padStart(decimals + 1, "0");
    const text = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
    return `${n < 0 ? "−" : ""}${text}${shift ? `·10${raised(shift)}` : ""}`;
  };
  return { terms: floors.map(write), total: write(whole), rounded: (whole / 10 ** decimals) * 10 ** shift };
}

/* The same for gradients: the common power of ten is taken out before they become numbers. */
export function ledgerOfPowers(parts) {
  const top = Math.max(...parts.map(({ log }) => log));
  if (!Number.isFinite(top)) {
    return { terms: parts.map((one) => power(one, 3)), total: power(added(parts), 3) };
  }
  const shift = top < -3 || top > 5 ? Math.floor(top) : 0;
  const found = ledger(parts.map(({ log, sign }) => (sign || 0) * 10 ** (log - shift)));
  const write = (text) => (shift && !text.includes("·10") ? `${text}·10${raised(shift)}` : text);
  return { terms: found.terms.map(write), total: write(found.total) };
}
