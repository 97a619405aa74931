// Elements without innerHTML: a tag with classes, attributes, children.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * @typedef {Node | string | number | null | undefined | false | Children} Child
 * @typedef {{ readonly length: number, readonly [at: number]: Child }} Children
 */

/**
 * Makes an element: `h("p.muted.small", { id: "a" }, "text")`. Names that begin with "on" are listeners, `data` a
 * map of data attributes; false, null and undefined leave an attribute out.
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  setAttributes(node, attributes);
  append(node, children);
  return node;
}

/**
 * Makes an SVG element; the same as `h` otherwise.
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG_NAMESPACE, tag);
  setAttributes(node, attributes);
  append(node, children);
  return node;
}

/** @param {Element} node @param {Record<string, any> | null | undefined} attributes */
function setAttributes(node, attributes) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "data") for (const [k, v] of Object.entries(value)) node.setAttribute(`data-${k}`, String(v));
    else if (key === "class") node.setAttribute("class", [node.getAttribute("class"), value].filter(Boolean).join(" "));
    else if (key === "value") /** @type {any} */ (node).value = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
}

/** Adds children: nodes, texts, lists of them; nothing for false, null and undefined. @param {Node} node @param {Child[]} children */
export function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts children in the place of what a node holds. @param {Element} node @param {...Child} children */
export function fill(node, ...children) {
  node.textContent = "";
  append(node, children);
}
