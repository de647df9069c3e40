/* What the packet of data says of a path at a timestep, and how that looks. */

import { opened } from "../_shared.js";
import { added } from "./diagram_numbers.js";

export function unpack(bytes) {
  const [head, values] = opened(bytes);
  if (head.alone) {
    head.fixed = true;
    head.cells?.forEach(fix);
  }
  const at = (slot, t) => (t < 1 || t > head.length ? NaN : values[slot * head.length + t - 1]);
  return { ...head, at, power: ([log, sign], t) => ({ log: at(log, t), sign: at(sign, t) }) };
}

/* On a page without a program (head.alone) nothing can be set, and no other unit or output asked for. */
function fix(cell) {
  delete cell.units;
  delete cell.initial;
  for (const sum of Object.values(cell.sums ?? {})) Object.assign(sum, { fixed: true, held: true });
}

/* What a piece of path carries: forward the source's value, and after the weights its share; back
 * the sum over the wires that come together on it. */
export function reading(path, view, t) {
  const [{ wire }] = path.wires;
  if (!view.back) return { value: view.at(path.last ? wire.brings : wire.passes, t) };
  const parts = path.wires.map((one) => view.power(one.wire.back, t));
  if (parts.length > 1 && parts.some(({ sign }) => Number.isNaN(sign))) return view.power(path.from.back, t);
  return parts.length === 1 ? parts[0] : added(parts);
}

/* Width and colour on one absolute scale: a decade is the same everywhere. */
export function appearance(one, back, { reach, most }) {
  const log = back ? one.log : Math.log10(Math.abs(one.value));
  const sign = back ? one.sign : Math.sign(one.value);
  if (log === -Infinity) return { look: "none", width: 0 };
  if (Number.isNaN(log) || log === Infinity) return { look: "wrong", width: most };
  const share = back ? (log + 9) / 9 : (log + 3) / 3;
  const width = Math.min(Math.max(share * 3 * reach, 1.2), most).toFixed(1);
  if (share < 0) return { look: "below", width: 1.2 };
  const level = Math.min(Math.floor(share * 2.4), 3);
  return { look: `${Number.isNaN(sign) ? "any" : sign < 0 ? "minus" : "plus"}${level}`, width };
}
