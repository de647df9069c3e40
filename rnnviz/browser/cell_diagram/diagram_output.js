/* The arithmetic of the output y, of its cost, and of the gradient's first factors. */

import { make } from "../_dom.js";
import { ledger, ledgerOfPowers, plain, power } from "./diagram_numbers.js";
import { setHtmlSymbol } from "./diagram_symbols.js";
import { termRow } from "./diagram_terms.js";

const inBrackets = (v, digits = 4) => (v < 0 ? `(${plain(v, digits)})` : plain(v, digits));
const chance = (p) => (p === 0 ? "< 10⁻³²³" : plain(p, 4));

/* A menu of the outputs; another one is asked of Python. */
export function chooseOutput(box, cell, { view, send }) {
  const { labels, k } = cell.output;
  if (labels.length < 2 || view.alone) return;
  const menu = make("select", "rv-outputs", box);
  menu.setAttribute("aria-label", view.words.output);
  menu.replaceChildren(...labels.map((label, j) => new Option(`y(t)[${j}]: ${label}`, j, false, j === k)));
  menu.addEventListener("change", () => send("output", Number(menu.value)));
}

/* Below the sum: what the readout makes of it, beside the target. */
export function answer(box, cell, view) {
  const { output } = cell;
  const one = output.listed.find(({ label }) => label === output.labels[output.k]) ?? output.listed[0];
  const said = lines(box, 3);
  return (t) => {
    const [y, target] = [view.at(one.score, t), view.at(one.target, t)];
    if (output.classes) {
      const p = one.symbol.replace("y_t", "p_t");
      said[0](`${p} = exp(${one.symbol}) / Σ_k exp(y_t[k]) = ${chance(view.at(one.answer, t))}`);
      said[1](view.words.targetIs.replace("{target}", `“${output.labels[view.at(output.target, t)]}”`));
    } else {
      said[0](view.words.targetIs.replace("{target}", plain(target, 4)));
      said[1](`½ (${one.symbol} − ${view.words.target})² = ½ (${plain(y, 4)} − ${inBrackets(target)})² = ${plain((y - target) ** 2 / 2, 4)}`);
    }
    said[2](`L_t = ${plain(view.at(cell.loss.cost, t), 4)}. ${counted(cell, view, t)}`);
  };
}

/* A table of the listed outputs' terms, of all others in one row, and of their sum. */
function summed(box, output, view) {
  const table = make("table", "rv-terms", box);
  const rows = output.listed.map(() => termRow(table, ""));
  const rest = termRow(table, "rv-rest");
  const total = termRow(table, "rv-total");
  rest.row.hidden = !output.others;
  return (sum, name, worked) => {
    rows.forEach((row, j) => {
      const [symbol, how] = worked(output.listed[j], j);
      row.fill(symbol, sum.terms[j]);
      row.after(how);
    });
    if (output.others) rest.fill(view.words.otherOutputs.replace("{n}", output.others), sum.terms.at(-1));
    total.fill(name, sum.total);
  };
}

/* L_t from what y_t is and should be. */
export function cost(box, cell, view) {
  const { output } = cell;
  if (output.classes) return crossEntropy(box, cell, view);
  const fill = summed(box, output, view);
  const [last] = lines(box, 1);
  return (t) => {
    const parts = output.listed.map(({ score, target }) => (view.at(score, t) - view.at(target, t)) ** 2 / 2);
    const left = view.at(cell.loss.cost, t) - parts.reduce((a, b) => a + b, 0);
    const sum = ledger(output.others ? [...parts, left] : parts);
    fill(sum, "L_t", ({ score, target }, j) => [
      named(output, j, ""), `½ (${plain(view.at(score, t), 4)} − ${inBrackets(view.at(target, t))})²`,
    ]);
    last(`${strange(view.at(cell.loss.cost, t), view)}${counted(cell, view, t)}`);
  };
}

/* −ln of the target's probability; from y itself, where a float cannot hold the probability. */
function crossEntropy(box, cell, view) {
  const { output } = cell;
  const said = lines(box, 3);
  return (t) => {
    const p = view.at(output.targetAnswer, t);
    const value = plain(view.at(cell.loss.cost, t), 4);
    const target = `“${output.labels[view.at(output.target, t)]}”`;
    said[0](`L_t = −ln p_t[${target}] = ${p === 0 ? value : `−ln ${plain(p, 4)} = ${value}`}`);
    const [whole, score] = [view.at(output.whole, t), view.at(output.targetScore, t)];
    said[1](`${p === 0 ? `${view.words.tooSmall} ` : ""}L_t = ln Σ_k exp(y_t[k]) − y_t[${target}] = ${plain(whole, 4)} − ${inBrackets(score)}`);
    said[2](`${strange(view.at(cell.loss.cost, t), view)}${counted(cell, view, t)}`);
  };
}

/* ∂L/∂y_t of every output: the first factor of the chain. */
export function costGradient(box, cell, view) {
  const { output } = cell;
  const table = make("table", "rv-terms", box);
  const rows = output.listed.map(() => termRow(table, ""));
  const [last] = lines(box, 1);
  return (t) => {
    const weighs = view.at(output.weight, t) > 0;
    rows.forEach((row, j) => {
      const { answer: given, target, slope } = output.listed[j];
      const divided = output.count > 1 ? ` / ${output.count}` : "";
      row.fill(named(output, j, "∂L/∂"), power(view.power(slope, t), 3));
      row.after(weighs ? `(${plain(view.at(given, t), 4)} − ${inBrackets(view.at(target, t))})${divided}` : "");
    });
    last(weighs ? view.words[output.classes ? "slopeOfClasses" : "slopeOfError"] : view.words.noLoss);
  };
}

/* ∂L/∂y · ∂y/∂h: how much of the step's own loss comes to the unit, output by output. */
export function outputGradient(box, cell, view) {
  const { output } = cell;
  const fill = summed(box, output, view);
  const [last] = lines(box, 1);
  return (t) => {
    const parts = output.listed.map(({ part }) => view.power(part, t));
    const sum = ledgerOfPowers(output.others ? [...parts, view.power(output.otherPart, t)] : parts);
    fill(sum, `∂L_t/∂h_t[${output.unit}]`, ({ symbol, slope, weight }) => [
      `∂L/∂${symbol} · ∂${symbol}/∂h_t[${output.unit}]`,
      `${power(view.power(slope, t), 3)} · ${inBrackets(weight)}`,
    ]);
    last(view.at(output.weight, t) > 0 ? view.words.firstFactors : view.words.noLoss);
  };
}

/* An output's name: with its label where there is more than one. */
function named(output, j, before) {
  const { symbol, label } = output.listed[j];
  return `${before}${symbol}${output.labels.length > 1 ? `, ${label}` : ""}`;
}

/* Whether the step's cost counts, and what all that do come to. */
function counted(cell, view, t) {
  const { output } = cell;
  const value = plain(view.at(output.loss, t), 4);
  const words = view.at(output.weight, t) > 0 ? (output.count > 1 ? "counts" : "countsAlone") : "countsNot";
  return view.words[words].replace("{n}", output.count).replace("{value}", value);
}

const strange = (value, { words }) => (value === Infinity ? `${words.infinite} ` : Number.isNaN(value) ? `${words.noNumber} ` : "");

function lines(box, count) {
  return Array.from({ length: count }, () => {
    const line = make("p", "rv-worked", box);
    return (words) => {
      if (line.dataset.words === words) return;
      line.dataset.words = words;
      line.replaceChildren();
      setHtmlSymbol(line, words);
    };
  });
}
