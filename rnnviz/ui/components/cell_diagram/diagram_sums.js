/* The arithmetic of a node, below the drawing: its numbers put in, term by term, following time.
 * A weight can be changed there: while it moves the sum is worked out here, and when it is let go
 * Python is told and builds the model again. */

const MOST_TERMS = 8;

function arithmetic(figure, cell, state) {
  const box = make("section", "rv-sums", figure);
  box.hidden = true;
  const { view } = state;
  let paint = () => {};
  return {
    show(name) {
      box.replaceChildren();
      box.hidden = !name;
      paint = () => {};
      if (!name) return;
      const node = cell.nodes.find((one) => one.name === name) ?? { name, op: "loss", symbol: "L", title: cell.loss.name };
      heading(box, node, view, () => state.maps[0].open(name));
      paint = view.back ? split(box, node, cell, view)
        : node.op === "affine" ? affineSum(box, node, cell, state)
        : worked(box, node, cell, view);
      paint(state.t);
    },
    paint: (t) => paint(t),
  };
}

function heading(box, node, view, close) {
  const line = make("div", "rv-sums-head", box);
  const name = make("b", "", line);
  setHtmlSymbol(name, node.symbol);
  name.style.color = node.color;
  make("span", "", line).textContent = node.title;
  if (node.meaning) make("span", "rv-quiet", line).textContent = node.means;
  const button = make("button", "rv-close", line);
  button.type = "button";
  button.textContent = view.words.close;
  button.addEventListener("click", close);
  box.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
}

/* ---- forward ------------------------------------------------------------------------ */

/* One line for a product, a sum, 1 − z, or a function. */
function worked(box, node, cell, view) {
  const line = make("p", "rv-worked", box);
  const operands = cell.wires.filter(({ to }) => to === node.name);
  return (t) => {
    const values = operands.map(({ brings }) => view.at(brings, t));
    const result = node.value === undefined ? "" : plain(view.at(node.value, t), 4);
    const numbers = values.map((v) => plain(v, 4));
    let text = result;
    if (node.op === "plus") {
      const sum = ledger(values);
      text = `${sum.terms.join(" + ").replaceAll("+ −", "− ")} = ${sum.total}`;
    } else if (node.op === "times") text = `${numbers.join(" · ").replace(/· −(\S+)/, "· (−$1)")} = ${result}`;
    else if (node.op === "rest") text = `1 − ${numbers[0]} = ${result}`;
    else if (node.op === "share") text = `${numbers[0]} / (${numbers[0]} + ${numbers[1]}) = ${result}`;
    else if (node.op === "phi") text = `${node.phi}(${numbers[0]}) = ${result}`;
    line.replaceChildren();
    const named = operands.map(({ from }) => symbolIn(cell, from));
    const sign = { plus: " + ", times: " ⊙ " }[node.op];
    setHtmlSymbol(line, sign ? `${named.map((one) => (one.includes(" ") && sign !== " + " ? `(${one})` : one)).join(sign)} = ${text}` : text);
  };
}

function affineSum(box, node, cell, state) {
  const { view } = state;
  const terms = everyTerm(cell.sums[node.name], view);
  const table = make("table", "rv-terms", box);
  const head = make("tr", "", make("thead", "", table));
  for (const word of ["term", "weight", "product"]) make("th", "", head).textContent = view.words[word];
  const body = make("tbody", "", table);
  const rest = termRow(make("tbody", "", table), "rv-rest");
  const total = termRow(make("tbody", "", table), "rv-total");
  const rows = [];
  const more = terms.length > MOST_TERMS + 1 ? make("button", "rv-more", box) : null;
  let all = false;
  let order = null;
  if (more) {
    more.type = "button";
    more.addEventListener("click", () => {
      all = !all;
      lay();
      paint(state.t);
    });
  }

  function lay() {
    const count = all || !more ? terms.length : MOST_TERMS;
    body.replaceChildren();
    rows.length = 0;
    for (let k = 0; k < count; k += 1) rows.push(editable(body, state, () => paint(state.t)));
    if (more) more.textContent = (all ? view.words.fewer : view.words.all).replace("{n}", terms.length);
    order = null;
  }

  function paint(t) {
    const products = terms.map((term) => term.past(t) * term.weight());
    const busy = body.contains(document.activeElement);
    if (!order || !busy) order = products.map((p, k) => k).sort((a, b) => Math.abs(products[b]) - Math.abs(products[a]));
    const shown = order.slice(0, rows.length);
    const others = order.slice(rows.length);
    const left = others.reduce((sum, k) => sum + products[k], 0);
    const sum = ledger([...shown.map((k) => products[k]), ...(others.length ? [left] : [])]);
    rows.forEach((row, k) => row.fill(terms[shown[k]], t, sum.terms[k]));
    rest.row.hidden = !others.length;
    if (others.length) rest.fill(view.words.others.replace("{n}", others.length), sum.terms.at(-1));
    const exact = products.reduce((a, b) => a + b, 0);
    total.fill(view.words.sum, sum.total);
    total.after(node.phi ? `${node.phi}(${sum.total}) = ${plain(squashed(node.phi, exact), 4)}` : "");
  }

  lay();
  return paint;
}

/* Every x_k · w, h_k · w and bias of the sum, with the weight as it stands now. */
function everyTerm({ terms, added: plainly }, view) {
  const found = plainly.map(({ source, row }) => ({ name: source, past: (t) => view.at(row, t), weight: () => 1, fixed: true }));
  for (const one of terms) {
    one.weights.forEach((w, k) => {
      const term = {
        parameter: one.parameter, place: one.places[k], edited: Boolean(one.edited[k]), start: w,
        name: one.source && (one.weights.length > 1 || one.rows.length > 1 ? `${one.source}[${k}]` : one.source),
        label: one.source ? `${one.weight}[${k + one.first}]` : one.weight,
        group: one, number: k + one.first,
        past: one.source ? (t) => view.at(one.rows[k], t) : () => 1,
        now: w, weight: () => term.now,
      };
      found.push(term);
    });
  }
  return found;
}

const squashed = (phi, a) => ({ σ: 1 / (1 + Math.exp(-a)), tanh: Math.tanh(a), relu: Math.max(a, 0) })[phi] ?? a;
const brief = (w) => String(Number(w.toPrecision(4)));
const reachOf = (term) => Math.max(4, Math.ceil(Math.abs(term.start) * 2));

/* Tell Python, where the weight is another than it was; and that it is to be as it was drawn. */
function sendEdit({ view, send }, { parameter, place, now, start }) {
  if (brief(now) === brief(start)) return false;
  send("edit", { cell: view.cells[0].name, parameter, place, value: Number(brief(now)) });
  return true;
}

function sendBack({ view, send }, { parameter, place }) {
  send("edit", { cell: view.cells[0].name, parameter, place, value: null });
}

function termRow(body, name) {
  const row = make("tr", name, body);
  const [label, middle_, product] = [0, 1, 2].map(() => make("td", "", row));
  return {
    row,
    fill(words, number) {
      if (label.dataset.words !== words) {
        label.dataset.words = words;
        label.replaceChildren();
        setHtmlSymbol(label, words);
      }
      write(product, number);
    },
    after: (words) => write(middle_, words),
  };
}

function editable(body, state, changed) {
  const { words } = state.view;
  const row = make("tr", "", body);
  const [name, weight, product] = [0, 1, 2].map(() => make("td", "", row));
  const label = make("label", "", weight);
  const symbol = make("span", "", label);
  const typed = make("input", "", label);
  const slide = make("input", "", weight);
  const mark = make("span", "rv-mark", weight);
  Object.assign(typed, { type: "number", step: "any" });
  Object.assign(slide, { type: "range", step: "any" });
  let term = null;
  const shownTerm = { key: null, past: null };

  function take(value, done) {
    const number = Number(value);
    if (!term || value === "" || !Number.isFinite(number) || Math.abs(number) > 1000) return;
    term.now = number;
    if (document.activeElement !== typed) typed.value = brief(number);
    if (document.activeElement !== slide) slide.value = number;
    changed();
    if (done && sendEdit(state, term)) {
      state.refocus = { key: `${term.parameter}:${term.place}`, typed: document.activeElement === typed };
    }
  }
  for (const input of [typed, slide]) {
    input.addEventListener("input", () => take(input.value, false));
    input.addEventListener("change", () => take(input.value, true));
  }

  return {
    fill(next, t, number) {
      const fresh = next !== term;
      term = next;
      const past = term.name ? `${term.name} = ${plain(term.past(t))}` : words.bias;
      if (shownTerm.past !== past) {
        name.replaceChildren();
        setHtmlSymbol(name, past);
        shownTerm.past = past;
      }
      write(product, number);
      if (!fresh) return;
      weight.hidden = Boolean(term.fixed);
      for (const one of [label, slide, mark]) one.hidden = Boolean(term.fixed);
      if (term.fixed) return;
      symbol.replaceChildren();
      setHtmlSymbol(symbol, term.label);
      const reach = reachOf(term);
      Object.assign(slide, { min: -reach, max: reach });
      slide.value = term.now;
      typed.value = brief(term.now);
      slide.setAttribute("aria-label", words.edit.replace("{weight}", term.label));
      write(mark, term.edited ? words.edited : "");
      const key = `${term.parameter}:${term.place}`;
      if (state.refocus?.key === key) {
        (state.refocus.typed ? typed : slide).focus({ preventScroll: true });
        state.refocus = null;
      }
    },
  };
}

/* ---- back ------------------------------------------------------------------------------ */

/* What meets at a node, adding up; and how the chain rule splits it over the operands. */
function split(box, node, cell, view) {
  const meeting = roadsTo(node, cell, view);
  const parts = cell.wires.filter(({ to }) => to === node.name && node.op !== "out");
  const table = make("table", "rv-terms", box);
  const [first, second] = [make("tbody", "", table), make("tbody", "", table)];
  const nothing = make("p", "rv-quiet", box);
  const rows = (body, words, count) => {
    const caption = make("tr", "rv-caption", body);
    Object.assign(make("td", "", caption), { colSpan: 3, textContent: words });
    return Array.from({ length: count }, () => termRow(body, ""));
  };
  const collected = rows(first, view.words.collects, meeting.length);
  const total = termRow(first, "rv-total");
  const given = parts.length ? rows(second, view.words.splits, parts.length) : [];
  return (t) => {
    const powers = meeting.map(({ read }) => read(t));
    const sum = ledgerOfPowers(powers);
    nothing.textContent = powers.every(({ log }) => log === -Infinity) ? view.words.nothing : "";
    collected.forEach((row, k) => row.fill(meeting[k].name, sum.terms[k]));
    total.fill(view.words.total, sum.total);
    if (node.before) {
      const [after, before] = [added(powers), view.power(node.before, t)];
      const slope = { log: before.log - after.log, sign: before.sign * after.sign };
      total.after(after.log === -Infinity ? "" : `${view.words.slope.replace("{slope}", power(slope, 3))} → ${power(before, 3)}`);
    }
    given.forEach((row, k) => row.fill(parts[k].name, power(view.power(parts[k].back, t), 3)));
  };
}

/* The roads by which the gradient comes to a node; to a way out, from the next step and the loss. */
function roadsTo(node, cell, view) {
  const by = (wire, later = 0) => ({
    name: (later ? view.words.later : view.words.by).replace("{road}", wire.name),
    read: (t) => (t + later > view.length ? { log: -Infinity, sign: 0 } : view.power(wire.back, t + later)),
  });
  const loss = { name: view.words.loss, read: (t) => view.power(cell.loss.rows, t) };
  if (node.op === "loss") return [loss];
  if (node.op !== "out") return cell.wires.filter(({ from }) => from === node.name).map((wire) => by(wire));
  const past = node.name.replace("_out", "_prev");
  const later = cell.wires.filter(({ from }) => from === past).map((wire) => by(wire, 1));
  return node.name === "h_out" ? [...later, loss] : later;
}
