/* The menu behind the "+": opened and closed by finger or keyboard; what is chosen there is sent at once. */

import { byId } from "./dom.js";
import { sendAttachment } from "./writing.js";

function openMenu(open) {
  byId("attach-menu").hidden = !open;
  byId("attach-toggle").setAttribute("aria-expanded", String(open));
  if (open) byId("attach-menu").querySelector("button").focus();
}

function closeMenuUnless(target) {
  if (!target.closest(".attach")) openMenu(false);
}

function onMenuClick(event) {
  const type = event.target.closest("button")?.dataset.attach;
  if (!type) return;
  openMenu(false);
  sendAttachment(type);
  byId("attach-toggle").focus();
}

/** Escape leads back to the button that opened it. */
function onEscape(event) {
  if (event.key !== "Escape" || byId("attach-menu").hidden) return;
  openMenu(false);
  byId("attach-toggle").focus();
}

export function wireMenu() {
  byId("attach-toggle").addEventListener("click", () => openMenu(byId("attach-menu").hidden));
  byId("attach-menu").addEventListener("click", onMenuClick);
  document.addEventListener("keydown", onEscape);
  document.addEventListener("pointerdown", (event) => closeMenuUnless(event.target));
  byId("attach-menu").addEventListener(
    "focusout",
    (event) => event.relatedTarget && closeMenuUnless(event.relatedTarget),
  );
}
