/* The system that is drawn: one step of it, and its orbit from a first state. */

export const FAR = 1e9;

export function step(view, x, force) {
  return view.W.map((row, i) => {
    const a = row.reduce((sum, w, j) => sum + w * x[j], 0) + force[i];
    return view.tanh ? Math.tanh(a) : a;
  });
}

export function orbit(view, x0) {
  const found = [x0];
  for (let t = 0; t < view.length; t += 1) found.push(step(view, found[t], view.force(t)));
  return found;
}
