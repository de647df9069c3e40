/* From a cell's description to places on the page: where its nodes stand, and how large. */

export const SIZES = {
  mini: { lane: 30, top: 16, box: [15, 15], ring: 4.5, word: 12, pill: [0, 0], reach: 1.5, most: 7 },
  compact: { lane: 41, top: 19, box: [30, 26], ring: 9, word: 36, pill: [42, 20], loss: 16, reach: 2, most: 10 },
  narrow: { lane: 64, top: 26, box: [42, 38], ring: 11, word: 42, pill: [48, 36], loss: 32, digits: 2, reach: 2.4, most: 12 },
  large: { lane: 84, top: 36, box: [62, 50], ring: 15, word: 58, pill: [66, 40], loss: 38, digits: 3, reach: 3.4, most: 17 },
};

/* How many lanes the loss lies beyond y, and the lowest lane of any cell's drawing. */
const [BELOW, LOWEST] = [0.7, 4.6];

export const FROM_OUTSIDE = ["past", "input"];

export function places(cell, width, size, aligned) {
  const lanes = cell.nodes.map(({ at }) => at[1]);
  const first = aligned ? 0 : Math.min(...lanes);
  const columns = Math.max(...cell.nodes.map(({ at }) => at[0]));
  const [half] = size.pill.map((n) => n / 2);
  const rim = half && half + 2;
  const pitch = (width - 2 * rim) / columns;
  const nodes = new Map();
  const spot = ([column, lane]) => [rim + column * pitch, size.top + (lane - first) * size.lane];
  for (const node of cell.nodes) {
    const [x, y] = spot(node.at);
    const [w, h] = node.op === "affine" ? size.box
      : [...FROM_OUTSIDE, "out"].includes(node.op) ? size.pill
      : node.op === "phi" ? [size.word, size.ring * 1.9]
      : [size.ring * 2, size.ring * 2];
    nodes.set(node.name, { ...node, x, y, w, h, lane: node.at[1], column: node.at[0] });
  }
  const y = nodes.get("y");
  if (!y) return { nodes, spot, height: size.top * 2 + (Math.max(...lanes) - first) * size.lane };
  const below = y.lane + cell.loss.side * BELOW;
  const loss = { name: "loss", op: "loss", x: y.x, y: spot([0, below])[1], w: size.pill[0], h: size.loss };
  const bottom = aligned ? LOWEST : Math.max(...lanes, below);
  return { nodes, loss, spot, height: size.top * 2 + (bottom - first) * size.lane };
}

/* The path on which a state runs straight through: from its past to its way out. */
export function mainPath(cell, nodes) {
  const found = new Set();
  for (const out of cell.nodes.filter(({ op }) => op === "out")) {
    const past = nodes.get(out.name.replace("_out", "_prev"));
    const onIt = [...nodes.values()].filter(({ lane }) => lane === out.at[1]);
    const barred = onIt.some(({ op }) => op === "affine" || op === "phi");
    if (past?.lane === out.at[1] && !barred && onIt.length > 2) for (const { name } of onIt) found.add(name);
  }
  return found;
}
