/*
 * The chat on the screen, as data: what the sandbox told of it, together with what has not reached the sandbox yet.
 *
 * It draws nothing and fetches nothing.
 */

import { memory, remember, unsentOf } from "./memory.js";
import { CUSTOMER } from "./sandbox.js";

const CLOCK_SLACK_MS = 2000;

/** The chat on the screen. `rowOf`: the sandbox's id → key of the row that was drawn for it while it was being sent. */
export const chat = { phone: null, ...emptyChat() };

export function emptyChat() {
  return { messages: new Map(), rowOf: new Map(), typing: false, loaded: false, source: null, retry: 0 };
}

/** A phone shows a message of the shop once it arrived, so one that is still `sent` is not there yet. */
export const isUnderWay = (message) => message.direction !== CUSTOMER && message.delivery_status === "sent";

/** What the chat shows, oldest first: what the sandbox has, then what has not reached it. */
export function entries() {
  const arrived = [...chat.messages.values()].filter((message) => !isUnderWay(message)).sort((a, b) => a.at - b.at);
  const lastAnswer = arrived.findLast((message) => message.direction !== CUSTOMER)?.at ?? 0;
  const known = arrived.map((message) => {
    const key = chat.rowOf.get(message.id) ?? message.id;
    return { ...message, key, answered: message.at < lastAnswer };
  });
  const unsent = unsentOf(chat.phone).map((item) => ({ ...item, direction: CUSTOMER, delivery_status: item.state }));
  return [...known, ...unsent];
}

/** A message as the sandbox tells it, new or changed. It may be one that this tab still holds as unsent. */
export function take(message) {
  const at = new Date(message.sent_at);
  if (message.direction === CUSTOMER && !chat.messages.has(message.id)) {
    const item = unsentOf(chat.phone).find((one) => isSame(one, message, at));
    if (item && !chat.rowOf.has(message.id)) settle(chat.phone, item, message.id);
  }
  keep({ ...message, at });
}

export const keep = (message) => chat.messages.set(message.id, message);

/** Whether this is what became of an unsent item whose answer got lost or is still on its way. */
function isSame(item, message, at) {
  const sameText = item.text === message.text && (item.attachment?.type ?? null) === (message.attachment?.type ?? null);
  return sameText && at >= item.at - CLOCK_SLACK_MS;
}

/** The sandbox has it: its row stays on the screen under the sandbox's id. */
export function settle(phone, item, id) {
  memory.unsent[phone] = unsentOf(phone).filter((other) => other.key !== item.key);
  if (chat.phone === phone) chat.rowOf.set(id, item.key);
  remember();
}
