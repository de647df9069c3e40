/* Elements of a page and of a drawing: made, named, and put last into `parent` if one is given. */

export function make(tag, name, parent) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  return parent ? parent.appendChild(element) : element;
}

export function shape(tag, attributes = {}, parent = null) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return parent ? parent.appendChild(element) : element;
}

export function line(parent, x1, y1, x2, y2, name) {
  return shape("line", { x1, y1, x2, y2, class: name }, parent);
}

export function text(parent, x, y, words, anchor, name = "") {
  const one = shape("text", { x, y, "text-anchor": anchor, class: name }, parent);
  one.textContent = words;
  return one;
}
