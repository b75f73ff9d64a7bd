/* Make-believe attachments: what the "+" sends, and how any attachment is drawn. Nothing is ever loaded or opened. */

import { element, icon } from "./dom.js";

/** What the "+" sends: drawn here, never loaded; the links lead nowhere beyond the sandbox. */
const ATTACHMENTS = {
  voice: { title: "Nota de voz", detail: "0:07", file: "nota-de-voz.ogg" },
  picture: { title: "Foto", detail: "de faz de conta", file: "foto.jpg" },
  file: { title: "Documento", detail: "comprovante.pdf", file: "comprovante.pdf" },
  location: { title: "Localização", detail: "Avenida Paulista, São Paulo", file: "mapa?q=-23.5614,-46.6559" },
};
const DRAWN_AS = {
  voice: "voice",
  audio: "voice",
  picture: "picture",
  video: "picture",
  sticker: "picture",
  location: "location",
};

/** What goes to the sandbox with a message of this type. */
export const attachmentOf = (type) => ({
  type,
  link: new URL(`sandbox/anexos/${ATTACHMENTS[type].file}`, document.baseURI).href,
});

export function attachmentDrawing(type) {
  const kind = DRAWN_AS[type] ?? "file";
  const { title, detail } = ATTACHMENTS[kind];
  const words = element("div", {}, title, element("small", {}, detail));
  if (kind === "picture" || kind === "location") {
    const drawing = element("div", { class: `drawing ${kind}` }, icon(kind));
    return element("div", {}, drawing, element("div", { class: "item" }, words));
  }
  if (kind === "voice") words.prepend(wave());
  return element("div", { class: "item" }, icon(kind === "voice" ? "play" : kind), words);
}

const wave = () =>
  element("span", { class: "wave", "aria-hidden": "true" }, ...Array.from({ length: 26 }, () => element("i")));
