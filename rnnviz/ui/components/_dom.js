/* Elements of a page and of a drawing. */

function html(tag, name, parent) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  return parent ? parent.appendChild(element) : element;
}

function shape(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function line(parent, x1, y1, x2, y2, name) {
  return parent.appendChild(shape("line", { x1, y1, x2, y2, class: name }));
}

function text(parent, x, y, words, anchor, name = "") {
  const one = parent.appendChild(shape("text", { x, y, "text-anchor": anchor, class: name }));
  one.textContent = words;
  return one;
}
