/*
 * The customers whose phone this can be: those the sandbox knows and the numbers typed by hand, as data.
 *
 * `people` is replaced with every load; import it by name to always see the latest.
 */

import { chat } from "./chat.js";
import { memory } from "./memory.js";
import { shownPhone } from "./numbers.js";
import { sandbox } from "./sandbox.js";

export let people = [];

/** Fails as the sandbox does; the people known so far then stay. */
export async function loadPeople() {
  const found = await sandbox.customers();
  const typedIn = memory.numbers.filter((phone) => !found.some((person) => person.phone === phone));
  people = [...found, ...typedIn.map((phone) => ({ phone, name: "", last_message: null, last_at: null }))];
  people.forEach(noteSeen);
}

export const nameOf = (person) =>
  !person.name || /^\+?\d+$/.test(person.name) ? shownPhone(person.phone) : person.name;
export const personOf = (phone) => people.find((person) => person.phone === phone) ?? { phone, name: "" };

export function isFresh(person) {
  return person.phone !== chat.phone && person.last_at !== null && person.last_at > (memory.seen[person.phone] ?? "");
}

/** What the page found when it first saw a customer counts as read, and so does what comes into the open chat. */
function noteSeen(person) {
  if (!(person.phone in memory.seen) || person.phone === chat.phone) memory.seen[person.phone] = person.last_at ?? "";
}
