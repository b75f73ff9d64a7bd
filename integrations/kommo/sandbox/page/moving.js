/* Moving about: which phone is open, by the page's address, by the list and by a number typed in. */

import { chat } from "./chat.js";
import { byId, wide } from "./dom.js";
import { leaveChat, openChat } from "./following.js";
import { refreshPeople } from "./list.js";
import { memory } from "./memory.js";
import { dialled } from "./numbers.js";
import { people } from "./people.js";

/** The address says which phone is open (#5511987654321), so the browser's own way back leads to the list. */
export function followAddress(event) {
  const phone = /^#(\d{8,15})$/.exec(location.hash)?.[1] ?? null;
  byId("app").dataset.view = phone ? "chat" : "list";
  if (!phone) return wide.matches || !chat.phone ? undefined : leaveChat();
  if (phone !== chat.phone) openChat(phone);
  if (event) (wide.matches ? byId("text") : byId("back")).focus({ preventScroll: true });
}

/** On a wide screen an empty handset would be a riddle: it shows whoever wrote last. */
export function openFirst() {
  if (!wide.matches || chat.phone || !people.length) return;
  history.replaceState(null, "", `#${people[0].phone}`);
  followAddress();
}

export function dial(event) {
  event.preventDefault();
  const phone = dialled(byId("dial-number").value);
  byId("dial-error").textContent = phone ? "" : "Digite DDD e número, como 11 98765-4321.";
  byId("dial-number").setAttribute("aria-invalid", String(!phone));
  if (!phone) return byId("dial-number").focus();
  if (!memory.numbers.includes(phone)) memory.numbers.push(phone);
  byId("dial-number").value = "";
  refreshPeople();
  location.hash = phone;
}

export function onCustomer(event) {
  const phone = event.target.closest(".customer")?.dataset.phone;
  if (phone) location.hash = phone;
  if (phone === chat.phone) followAddress(event);
}
