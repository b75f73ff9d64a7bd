/*
 * Following a chat: opening it, hearing of every change, connecting again after whatever broke, leaving it.
 *
 * Only one chat is followed at a time; an answer for one that was left meanwhile changes nothing.
 */

import { chat, emptyChat, take } from "./chat.js";
import { byId, setText } from "./dom.js";
import { drawPeople } from "./list.js";
import { memory } from "./memory.js";
import { nameOf, personOf } from "./people.js";
import { sandbox } from "./sandbox.js";
import { drawChat, drawSoon, toEnd } from "./screen.js";
import { fitText } from "./writing.js";

const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 4000;

export function openChat(phone) {
  chat.source?.close();
  Object.assign(chat, { phone, ...emptyChat() });
  byId("scroll").setAttribute("aria-busy", "true");
  byId("log").replaceChildren();
  byId("blank").textContent =
    `Escreva como ${nameOf(personOf(phone))} ou toque numa sugestão: a oficina responde aqui.`;
  byId("text").value = memory.drafts[phone] ?? "";
  byId("writing").disabled = false;
  fitText();
  drawPeople();
  drawSoon();
  follow(phone);
}

export function leaveChat() {
  const phone = chat.phone;
  chat.source?.close();
  Object.assign(chat, { phone: null, source: null });
  document.title = "Celular de demonstração · Doctor Auto Prime";
  drawPeople();
  byId("customers").querySelector(`[data-phone="${phone}"]`)?.focus();
}

/** Reads the chat and stays connected; whatever breaks, it begins again from what the sandbox has by then. */
async function follow(phone) {
  try {
    const found = await sandbox.messages(phone);
    if (chat.phone !== phone) return;
    chat.messages = new Map();
    found.forEach(take);
  } catch {
    if (chat.phone === phone) lost(phone);
    return;
  }
  setOnline(true);
  drawChat();
  if (!chat.loaded) toEnd();
  chat.loaded = true;
  byId("scroll").setAttribute("aria-busy", "false");
  drawSoon();
  listen(phone);
}

function listen(phone) {
  const source = sandbox.changes(phone);
  const hear = (name, act) => source.addEventListener(name, (event) => chat.source === source && act(event));
  const hearData = (name, act) => hear(name, (event) => act(JSON.parse(event.data)));
  chat.source = source;
  hear("open", () => (chat.retry = 0));
  hearData("message", (message) => {
    take(message);
    drawSoon();
  });
  hearData("typing", ({ typing }) => {
    chat.typing = typing;
    drawSoon();
  });
  hear("error", () => {
    source.close();
    lost(phone);
  });
}

function lost(phone) {
  chat.source = null;
  chat.typing = false;
  if (chat.retry > 0) setOnline(false);
  const wait = Math.min(RETRY_FIRST_MS * 2 ** chat.retry, RETRY_MOST_MS);
  chat.retry += 1;
  drawSoon();
  setTimeout(() => chat.phone === phone && !chat.source && follow(phone), wait);
}

function setOnline(online) {
  const words = "Sem contato com o Kommo simulado, tentando de novo. Se ele parou, ligue com make run.";
  setText(byId("offline"), online ? "" : words);
  byId("offline").hidden = online;
}
