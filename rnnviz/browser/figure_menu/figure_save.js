/* A figure as a file: its picture as SVG or PNG, its data as CSV. */

import { shape } from "../_dom.js";
import { fontFaces } from "./figure_fonts.js";

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
  "stroke-linecap", "stroke-linejoin", "opacity", "visibility", "display", "font-family",
  "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "paint-order",
];
const SCALE = 2;
const ROOM = 8;

/* `box` holds one <svg>, or the layers of Plotly's chart; `ground` is the colour behind them. */
export async function savePicture(box, kind, ground) {
  const { svg, width, height } = picture(box, ground);
  const written = () => new XMLSerializer().serializeToString(svg);
  if (kind === "svg") return save(new Blob([written()], { type: "image/svg+xml" }), `${nameOf(box)}.svg`);
  const faces = shape("style", {});
  faces.textContent = await fontFaces(svg);
  svg.prepend(faces);
  const text = written();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SCALE * width, SCALE * height];
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.drawImage(image, 0, 0, width, height);
  return canvas.toBlob((blob) => save(blob, `${nameOf(box)}.png`));
}

function picture(box, ground) {
  const layers = [...box.querySelectorAll("svg")].filter(
    (one) => !one.parentElement.closest("svg") && !one.closest(".rv-menu-button, .modebar-container"),
  );
  const corner = outline(box, layers);
  const [width, height] = [Math.ceil(corner.right - corner.left), Math.ceil(corner.bottom - corner.top)];
  const svg = shape("svg", { width, height, viewBox: `0 0 ${width} ${height}` });
  svg.append(shape("rect", { width, height, fill: ground }));
  for (const layer of layers) {
    const place = layer.getBoundingClientRect();
    const copy = layer.cloneNode(true);
    styled(layer, copy);
    copy.setAttribute("x", place.left - corner.left);
    copy.setAttribute("y", place.top - corner.top);
    copy.setAttribute("width", place.width);
    copy.setAttribute("height", place.height);
    copy.setAttribute("overflow", "visible");
    svg.append(copy);
  }
  return { svg, width, height };
}

/* The edges of the box, and of labels that stand out of a drawing of ours, with room for other fonts. */
function outline(box, layers) {
  if (box.matches(".svg-container")) return box.getBoundingClientRect();
  const labels = layers.flatMap((one) => [...one.querySelectorAll("text")]);
  const places = [box, ...labels].map((one) => one.getBoundingClientRect()).filter((one) => one.width);
  return {
    left: Math.min(...places.map((one) => one.left)) - ROOM,
    top: Math.min(...places.map((one) => one.top)) - ROOM,
    right: Math.max(...places.map((one) => one.right)) + ROOM,
    bottom: Math.max(...places.map((one) => one.bottom)) + ROOM,
  };
}

/* Stylesheets do not come along into a file: what they say is written into every element. */
function styled(from, to) {
  const look = getComputedStyle(from);
  for (const name of STYLES) to.style.setProperty(name, look.getPropertyValue(name));
  [...from.children].forEach((child, k) => styled(child, to.children[k]));
}

/* Rows of cells, the header first; null where a figure has none. */
export function table(box) {
  if (box.rvTable) return box.rvTable();
  const chart = box.closest(".js-plotly-plot");
  if (!chart?._fullData) return null;
  const three = chart._fullData.some((one) => one.z);
  const rows = [["panel", "series", "x", "y", ...(three ? ["z"] : [])]];
  for (const one of chart._fullData) {
    const axis = chart._fullLayout[`yaxis${(one.yaxis ?? "y").slice(1)}`];
    // A chart that shows 10 to the power of its values says so where one points at them.
    const power = /10<sup>%\{|%\{hovertext\}/.test(one.hovertemplate ?? "");
    const log = power ? " (log10)" : "";
    const head = [one.meta ?? axis?.title?.text ?? "", `${one.name}${log}`];
    if (one.z) grid(one, head, rows);
    else for (let k = 0; k < (one.y?.length ?? 0); k += 1) {
      if (!Number.isNaN(one.y[k])) rows.push([...head, one.x?.[k] ?? k, one.y[k], ...(three ? [""] : [])]);
    }
  }
  return rows;
}

function grid(one, head, rows) {
  const at = (values, start, step, k) => values?.[k] ?? (start ?? 0) + k * (step ?? 1);
  for (let r = 0; r < one.z.length; r += 1) {
    for (let c = 0; c < one.z[r].length; c += 1) {
      const value = one.z[r][c];
      if (value === undefined || value === null || Number.isNaN(value)) continue;
      rows.push([...head, at(one.x, one.x0, one.dx, c), at(one.y, one.y0, one.dy, r), value]);
    }
  }
}

export function saveData(box, rows) {
  const cell = (value) => {
    const plain = String(value ?? "").replace(/<[^>]*>/g, "");
    // A spreadsheet would compute a text that begins as a formula.
    const text = /^[=+\-@\t\r]/.test(plain) && Number.isNaN(Number(plain)) ? `'${plain}` : plain;
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = rows.map((row) => row.map(cell).join(",")).join("\n");
  save(new Blob([`${text}\n`], { type: "text/csv" }), `${nameOf(box)}.csv`);
}

/* The key of the element on the page, "jacobian" of st-key-jacobian. */
function keyOf(box) {
  const holder = box.closest('[class*="st-key-"]');
  return /st-key-([\w-]+)/.exec(holder?.className ?? "")?.[1];
}

function nameOf(box) {
  const key = keyOf(box);
  return key ? `rnnviz-${key}` : "rnnviz";
}

/* What opens the figure's words and table, where files of other kinds are; null without any. */
export function opener(box) {
  const fold = document.querySelector(`.st-key-_table_${keyOf(box)} details`);
  if (!fold) return null;
  return () => {
    if (!fold.open) fold.querySelector("summary").click();
    fold.scrollIntoView({ block: "nearest" });
  };
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
