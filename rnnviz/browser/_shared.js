/* What all of our components share: how they are mounted, their packet of data, the timestep. */

/* A component's default export, which Streamlit calls with every run: with the same parentElement
 * as long as the component stays on the page, and with the data that Python sends now.
 *
 * `mount(parent)` is called once in a place and builds what it needs there. It returns
 * {update, unmount}: `update(data, trigger)` is called with every run, so it must be able to start
 * from any earlier state; `trigger(name, value)` sends an event to Python. `unmount()` takes back
 * everything, listeners on the page too. Without data nothing is mounted: the component is only
 * there to have its code fetched early. */
export function mounted(mount) {
  const held = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    if (!data) return undefined;
    if (!held.has(parentElement)) held.set(parentElement, mount(parentElement));
    const one = held.get(parentElement);
    one.update(data, setTriggerValue);
    return () => {
      held.delete(parentElement);
      one.unmount();
    };
  };
}

/* A packet of `pack` in _register.py as [header, numbers]: the header's size (uint32), the header
 * (JSON, padded so that the numbers begin at a multiple of 8), then the numbers (float64, or float32
 * if header.half), row by row, each of header.length. All are little-endian. */
export function opened(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  // A copy: the view into the message is not aligned to eight bytes.
  const numbers = bytes.slice(4 + size).buffer;
  return [head, head.half ? new Float32Array(numbers) : new Float64Array(numbers)];
}

/* The timestep that the slider is at, from 1 (see time_control/stage.js); NaN without one. */
export const moment = () => Number(document.documentElement.dataset.rvT);

export const raised = (n) => String(n).replace(/[-\d]/g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");

/* A finite log₁₀ as some digits and a power of ten: right where the number itself underflows. */
export function powerOfTen(log, digits) {
  let exponent = Math.floor(log);
  let mantissa = (10 ** (log - exponent)).toFixed(digits - 1);
  if (Number(mantissa) >= 10) [mantissa, exponent] = [(1).toFixed(digits - 1), exponent + 1];
  if (exponent < -3 || exponent > 3) return `${mantissa}·10${raised(exponent)}`;
  return (mantissa * 10 ** exponent).toFixed(Math.max(0, digits - 1 - exponent));
}
