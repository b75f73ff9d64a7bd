/* The open chat on the screen: the log and where it is scrolled to, who is there, and what one might write next. */

import { chat, entries, isUnderWay } from "./chat.js";
import { tryWith } from "./demo.js";
import { byId, element, setText } from "./dom.js";
import { shownPhone } from "./numbers.js";
import { nameOf, personOf } from "./people.js";
import { drawLog } from "./rows.js";
import { CUSTOMER } from "./sandbox.js";

const NEAR_END_PX = 80;
const SUGGESTIONS_SHOWN = 3;

let drawing = false;

/** Draws once for all changes of one moment. */
export function drawSoon() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    drawChat();
  });
}

export function drawChat() {
  const wasAtEnd = isNearEnd();
  const shown = entries();
  const added = drawLog(shown);
  byId("typing").hidden = !(chat.typing || [...chat.messages.values()].some(isUnderWay));
  byId("blank").hidden = shown.length > 0 || !chat.loaded;
  drawSuggestions(shown);
  drawPresence();
  if (wasAtEnd || added.some((entry) => entry.direction === CUSTOMER)) toEnd();
  else if (added.length) byId("newer").hidden = false;
}

export function drawPresence() {
  if (!chat.phone) return;
  const name = nameOf(personOf(chat.phone));
  const number = chat.typing || name.startsWith("+") ? "" : ` · ${shownPhone(chat.phone)}`;
  setText(byId("presence-words"), chat.typing ? "digitando…" : `Você é ${name}`);
  setText(byId("presence-number"), number);
  setText(byId("heard"), chat.typing ? "digitando…" : "");
  document.title = `${name} · Celular de demonstração`;
}

function drawSuggestions(shown) {
  const said = new Set(shown.filter((entry) => entry.direction === CUSTOMER).map((entry) => entry.text));
  const texts = tryWith(chat.phone)
    .texts.filter((text) => !said.has(text))
    .slice(0, SUGGESTIONS_SHOWN);
  const box = byId("suggestions");
  if (box.dataset.texts === texts.join("\n")) return;
  box.dataset.texts = texts.join("\n");
  box.replaceChildren(...texts.map((text) => element("button", { type: "button" }, text)));
}

export function toEnd() {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  byId("newer").hidden = true;
}

function isNearEnd() {
  const { scrollHeight, scrollTop, clientHeight } = byId("scroll");
  return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
}

/** Who scrolled down to the end needs no button to it. */
export function noteScrolled() {
  if (isNearEnd()) byId("newer").hidden = true;
}
