/*
 * The page's elements: finding them, making them, writing text into them.
 *
 * Text always goes in as text nodes; nothing here takes markup, so nothing that a person wrote can become any.
 */

export const byId = (id) => document.getElementById(id);
export const wide = window.matchMedia("(min-width: 860px)");

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Words for screen readers only. */
export const unseen = (words, more = "") => element("span", { class: `visually-hidden ${more}`.trim() }, words);

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  svg.firstChild.setAttribute("href", `#icon-${name}`);
  return svg;
}

/** Writes only what changed: a status region is read aloud with every write. */
export function setText(one, text) {
  if (one.textContent !== text) one.textContent = text;
}
