/* The sum of the weights' gradient below the timesteps: a term a column, added from the last step
 * with a loss back to the timestep that is shown. */

import { power } from "./diagram_numbers.js";
import { setSymbol, write } from "./diagram_symbols.js";
import { label } from "./unrolled_marks.js";

export function runningSum(svg, view, pitch, count, reach, y) {
  const { words, sum } = view;
  const name = label(svg, 0, y, "start");
  setSymbol(name, words.terms.replaceAll("{name}", sum.name).replace("{S}", sum.start));
  const signs = Array.from({ length: count }, (_, k) => label(svg, (k + 0.5) * pitch, y + 24, "middle"));
  const so = label(svg, 0, y + 50, "start");
  const size = (log) => power({ log, sign: 1 });
  return (t) => {
    signs.forEach((text, k) => {
      const at = t - reach + k;
      const inside = at >= 1 && at <= sum.start;
      write(text, inside ? `${size(view.at(sum.term, at))}${at < sum.start ? " +" : ""}` : "");
      text.style.opacity = at >= t ? 1 : 0.35;
      text.style.fontWeight = at === t ? 600 : 400;
    });
    const added = Math.max(sum.start - t + 1, 0);
    const line = words.sumSoFar.replace("{n}", added).replace("{S}", sum.start)
      .replace("{sum}", added ? size(view.at(sum.row, t)) : "0").replace("{total}", size(view.at(sum.row, 1)));
    write(so, line);
  };
}
