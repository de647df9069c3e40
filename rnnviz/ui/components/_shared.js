/* What all of our components share. `mount(parent)` returns {update(data, trigger), unmount()}. */

/* A component's entry: what is mounted in a place stays there from run to run. */
function mounted(mount) {
  const held = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    if (!data) return undefined; // only there to have the code fetched early
    if (!held.has(parentElement)) held.set(parentElement, mount(parentElement));
    const one = held.get(parentElement);
    one.update(data, setTriggerValue);
    return () => {
      held.delete(parentElement);
      one.unmount();
    };
  };
}

/* uint32 header size, JSON header padded to 8 bytes, float64 values row by row. */
function opened(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  // A copy: the view into the message is not aligned to eight bytes.
  return [head, new Float64Array(bytes.slice(4 + size).buffer)];
}

const raised = (n) => String(n).replace(/[-\d]/g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");

/* A finite log₁₀ as some digits and a power of ten: right where the number itself underflows. */
function powerOfTen(log, digits) {
  let exponent = Math.floor(log);
  let mantissa = (10 ** (log - exponent)).toFixed(digits - 1);
  if (Number(mantissa) >= 10) [mantissa, exponent] = [(1).toFixed(digits - 1), exponent + 1];
  if (exponent < -3 || exponent > 3) return `${mantissa}·10${raised(exponent)}`;
  return (mantissa * 10 ** exponent).toFixed(Math.max(0, digits - 1 - exponent));
}
