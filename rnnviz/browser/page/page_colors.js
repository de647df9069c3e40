/* Light and dark: of the page, and of charts, whose colours are written in them. */

const DARK = matchMedia("(prefers-color-scheme: dark)");

/* The scheme that is shown, "light" or "dark": the browser's, until the button is pressed. */
export function colorScheme(button, changed) {
  let own = null;
  let paper = false;
  const now = () => (paper ? "light" : own ?? (DARK.matches ? "dark" : "light"));
  const show = () => {
    document.documentElement.style.colorScheme = now();
    button?.setAttribute("aria-pressed", now() === "dark");
  };
  DARK.addEventListener("change", () => {
    show();
    changed();
  });
  button?.addEventListener("click", () => {
    own = now() === "dark" ? "light" : "dark";
    show();
    changed();
  });
  /* On paper dark grounds are left out, and light ink could not be read. */
  function light(on) {
    const before = now();
    paper = on;
    show();
    if (now() !== before) changed();
  }

  show();
  return { now, light };
}

/* A copy of a chart in other colours: `pairs` are [light, dark]; numbers are shared, not copied. */
export function recolored(figure, from, to, pairs) {
  const [before, after] = from === "dark" ? [1, 0] : [0, 1];
  const table = new Map(from === to ? [] : pairs.map((pair) => [pair[before], pair[after]]));
  const swap = (text) => text.replace(/#[0-9a-f]{6}\b/gi, (one) => table.get(one.toUpperCase()) ?? one);
  const copy = (value) => {
    if (typeof value === "string") return swap(value);
    if (Array.isArray(value)) return typeof value.at(-1) === "number" ? value.slice() : value.map(copy);
    if (!value || typeof value !== "object") return value;
    if ("bdata" in value) return { ...value };
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copy(one)]));
  };
  return copy(figure);
}
