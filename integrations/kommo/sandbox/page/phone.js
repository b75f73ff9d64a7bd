/*
 * START HERE: the customer's phone. Picks a customer, shows the chat with the shop as it changes, and writes into it.
 *
 * This module only ties what a person does to the modules beside it, and starts them. Each imports only from earlier
 * ones: dom, times, numbers, demo, sandbox, memory · marks, attachments · chat, people (data) ·
 * rows, screen, list (drawing) · writing, following · menu, moving · phone.
 */

import { chat } from "./chat.js";
import { byId, wide } from "./dom.js";
import { keepPeopleFresh, refreshPeople, walkList } from "./list.js";
import { resumeUnsent, unsentOf } from "./memory.js";
import { wireMenu } from "./menu.js";
import { dial, followAddress, onCustomer, openFirst } from "./moving.js";
import { noteScrolled, toEnd } from "./screen.js";
import { clockTime } from "./times.js";
import { keepDraft, say, send, sendTyped, takeBack } from "./writing.js";

function onLogClick(event) {
  const { retry, takeBack: back } = event.target.closest("button")?.dataset ?? {};
  const item = unsentOf(chat.phone).find((one) => one.key === (retry ?? back));
  if (!item) return;
  if (retry) send(chat.phone, item);
  else takeBack(item);
}

function onComposerKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendTyped();
}

function onComposerSubmit(event) {
  event.preventDefault();
  sendTyped();
  byId("text").focus();
}

function onSuggestion(event) {
  const text = event.target.closest("button")?.textContent;
  if (!text) return;
  say(chat.phone, text);
  byId(wide.matches ? "text" : "scroll").focus({ preventScroll: true });
}

function tickClock() {
  byId("clock").textContent = clockTime(new Date());
  setTimeout(tickClock, 60_000 - (Date.now() % 60_000));
}

function wire() {
  byId("customers").addEventListener("click", onCustomer);
  byId("customers").addEventListener("keydown", walkList);
  byId("dial").addEventListener("submit", dial);
  byId("back").addEventListener("click", () => (location.hash = ""));
  byId("log").addEventListener("click", onLogClick);
  byId("newer").addEventListener("click", toEnd);
  byId("scroll").addEventListener("scroll", noteScrolled);
  byId("suggestions").addEventListener("click", onSuggestion);
  byId("composer").addEventListener("submit", onComposerSubmit);
  byId("text").addEventListener("keydown", onComposerKey);
  byId("text").addEventListener("input", keepDraft);
  window.addEventListener("hashchange", followAddress);
  wide.addEventListener("change", openFirst);
  document.addEventListener("visibilitychange", () => !document.hidden && refreshPeople());
}

wire();
wireMenu();
tickClock();
resumeUnsent();
await keepPeopleFresh();
followAddress();
openFirst();
