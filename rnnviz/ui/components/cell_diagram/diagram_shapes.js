/* What the drawings of cells share: reading the packet, the look of a road, elements. */

const SVG = "http://www.w3.org/2000/svg";
const moment = () => Number(document.documentElement.dataset.rvT);

function unpack(bytes) {
  const [head, values] = opened(bytes);
  const at = (slot, t) => (t < 1 || t > head.length ? NaN : values[slot * head.length + t - 1]);
  return { ...head, at, power: ([log, sign], t) => ({ log: at(log, t), sign: at(sign, t) }) };
}

/* The road on which a state runs straight through: from its past to its way out. */
function mainRoad(cell, nodes) {
  const found = new Set();
  for (const out of cell.nodes.filter(({ op }) => op === "out")) {
    const past = nodes.get(out.name.replace("_out", "_prev"));
    const onIt = [...nodes.values()].filter(({ lane }) => lane === out.at[1]);
    const barred = onIt.some(({ op }) => op === "affine" || op === "phi");
    if (past?.lane === out.at[1] && !barred && onIt.length > 2) for (const { name } of onIt) found.add(name);
  }
  return found;
}

/* What a piece of road carries: forward the source's value, and after the weights its share; back
 * the sum over the wires that come together on it. */
function reading(road, view, t) {
  const [{ wire }] = road.wires;
  if (!view.back) return { value: view.at(road.last ? wire.brings : wire.passes, t) };
  const parts = road.wires.map((one) => view.power(one.wire.back, t));
  if (parts.length > 1 && parts.some(({ sign }) => Number.isNaN(sign))) return view.power(road.from.back, t);
  return parts.length === 1 ? parts[0] : added(parts);
}

/* Width and colour on one absolute scale: a decade is the same everywhere. */
function appearance(one, back, { reach, most }) {
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

function longest(points) {
  const legs = points.slice(1).map((p, k) => [points[k], p]);
  return legs.reduce((a, b) => (length(...b) > length(...a) ? b : a));
}

function middle(points) {
  const [[x1, y1], [x2, y2]] = longest(points);
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

function make(tag, name, parent) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  return parent.appendChild(element);
}

function shape(tag, attributes, parent) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return parent.appendChild(element);
}

/* By its text node: a new child would wake everybody who watches the page for new charts. */
function write(element, words) {
  const text = element.firstChild ?? element.appendChild(document.createTextNode(""));
  if (text.data !== words) text.data = words;
}

const symbolIn = (cell, name) => cell.nodes.find((node) => node.name === name)?.symbol ?? name;
const SUB = /([^\s_{}])_(?:\{([^{}]*)\}|([^\s_{}()[\]‖⊙+·,=;:가-힣]+))/;

function subscripted(text, plainly, lowered) {
  for (let rest = text; rest; ) {
    const hit = SUB.exec(rest);
    if (!hit) return void plainly(rest);
    plainly(rest.slice(0, hit.index + 1));
    lowered(hit[2] ?? hit[3]);
    rest = rest.slice(hit.index + hit[0].length);
  }
}

/* What follows a subscript must be lifted again: a shift in SVG holds for all that comes. */
function setSymbol(text, symbol) {
  let low = false;
  const part = (words, down) => {
    const tspan = shape("tspan", down ? { class: "rv-sub" } : {}, text);
    tspan.textContent = words;
    if (down !== low) tspan.setAttribute("dy", down ? 3 : -3);
    low = down;
  };
  subscripted(symbol, (words) => part(words, false), (words) => part(words, true));
}

function setHtmlSymbol(element, text) {
  subscripted(text, (part) => element.append(part), (part) => (make("sub", "", element).textContent = part));
}
