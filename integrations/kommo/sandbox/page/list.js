/* The list of customers: drawing it, keeping it fresh, walking it by keyboard. */

import { chat } from "./chat.js";
import { tryWith } from "./demo.js";
import { byId, element, unseen } from "./dom.js";
import { memory, remember } from "./memory.js";
import { isFresh, loadPeople, nameOf, people } from "./people.js";
import { drawPresence } from "./screen.js";
import { dayKey, shortTime } from "./times.js";

const PEOPLE_EVERY_MS = 2000;

let peopleDrawn = "";

/** Only when something changed: a button replaced under a finger would swallow the click. */
export function drawPeople() {
  const look = JSON.stringify([people, memory.seen, chat.phone, dayKey(new Date())]);
  if (look === peopleDrawn) return;
  peopleDrawn = look;
  const list = byId("customers");
  const focused = document.activeElement?.closest?.(".customer")?.dataset.phone;
  list.replaceChildren(...people.map((person) => element("li", {}, customerButton(person))));
  if (focused) list.querySelector(`[data-phone="${focused}"]`)?.focus();
}

function customerButton(person) {
  const name = nameOf(person);
  const fresh = isFresh(person);
  const top = element("span", { class: "line" }, element("span", { class: "name" }, name));
  if (person.last_at) top.append(element("time", { datetime: person.last_at }, shortTime(new Date(person.last_at))));
  const bottom = element("span", { class: "line" }, element("span", { class: "last" }, lastWords(person)));
  if (fresh) bottom.append(element("span", { class: "unread" }, unseen("mensagem nova")));
  const tint = { class: "avatar", "aria-hidden": "true", "data-tint": tintOf(person.phone) };
  const current = person.phone === chat.phone ? { "aria-current": "true" } : {};
  return element(
    "button",
    { type: "button", class: fresh ? "customer fresh" : "customer", "data-phone": person.phone, ...current },
    element("span", tint, initials(name)),
    element("span", { class: "lines" }, top, bottom),
  );
}

function lastWords(person) {
  if (person.last_message) return person.last_message.replace(/[*_~`]+/g, "");
  return person.last_at ? "Anexo" : tryWith(person.phone).hint;
}

function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return words.length ? (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase() : "#";
}

/** Any spread would do; this one gives the demo's six customers six colours. */
const tintOf = (phone) => String((Number(phone) % 127) % 6);

export async function refreshPeople() {
  try {
    await loadPeople();
    showListTrouble("");
  } catch {
    showListTrouble("Sem contato com o Kommo simulado. Se ele parou, ligue-o com make run: esta página volta sozinha.");
  }
  drawPeople();
  drawPresence();
  remember();
}

function showListTrouble(text) {
  byId("customers-empty").textContent = text;
  byId("customers-empty").hidden = !text;
}

export async function keepPeopleFresh() {
  if (!document.hidden) await refreshPeople();
  setTimeout(keepPeopleFresh, PEOPLE_EVERY_MS);
}

/** Arrows, Home and End walk the list; Tab walks it too. */
export function walkList(event) {
  const buttons = [...byId("customers").querySelectorAll(".customer")];
  const here = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || here < 0) return;
  event.preventDefault();
  buttons[Math.max(0, Math.min(to, buttons.length - 1))].focus();
}
