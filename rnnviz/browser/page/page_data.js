/* Plotly's script and the charts' numbers, as they stand in the page. */

let loading = null;

/* Plotly: there already, or packed in the page. */
export function library() {
  loading ??= window.Plotly ? Promise.resolve(window.Plotly) : unpackedLibrary();
  return loading;
}

async function unpackedLibrary() {
  const packed = document.getElementById("rv-plotly");
  const script = document.createElement("script");
  script.nonce = packed.nonce;
  script.textContent = await inflated(packed);
  document.head.append(script);
  packed.remove();
  return window.Plotly;
}

/* The text of an element that holds it deflated, as base64. */
export function inflated({ textContent }) {
  const plain = new Blob([bytesOf(textContent)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(plain).text();
}

export const bytesOf = (base64) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

/* A packet (see `opened` of _shared.js) with these entries of its header in place of its own. */
export function withHead(packet, change) {
  const size = new DataView(packet.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(packet.subarray(4, 4 + size)));
  let text = new TextEncoder().encode(JSON.stringify({ ...head, ...change }));
  const pad = (8 - ((text.length + 4) % 8)) % 8;
  text = new TextEncoder().encode(new TextDecoder().decode(text) + " ".repeat(pad));
  const whole = new Uint8Array(4 + text.length + packet.length - 4 - size);
  new DataView(whole.buffer).setUint32(0, text.length, true);
  whole.set(text, 4);
  whole.set(packet.subarray(4 + size), 4 + text.length);
  return whole;
}
