/* Plotly's script and the charts' numbers, as they stand in the page. */

let loading = null;

/* Plotly: there already, or packed in the page. */
export function library() {
  loading ??= window.Plotly ? Promise.resolve(window.Plotly) : unpackedLibrary();
  return loading;
}

async function unpackedLibrary() {
  const packed = document.getElementById("rv-plotly");
  const bytes = Uint8Array.from(atob(packed.textContent), (one) => one.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const script = document.createElement("script");
  script.nonce = packed.nonce;
  script.textContent = await new Response(plain).text();
  document.head.append(script);
  packed.remove();
  return window.Plotly;
}
