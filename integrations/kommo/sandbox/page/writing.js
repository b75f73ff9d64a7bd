/*
 * Writing: the draft, sending in the order of writing, and what failed: tried again or taken back into the field.
 *
 * A message counts as unsent, and is remembered, until the sandbox is known to have it.
 */

import { attachmentOf } from "./attachments.js";
import { chat, keep, settle } from "./chat.js";
import { byId } from "./dom.js";
import { refreshPeople } from "./list.js";
import { memory, remember, unsentOf } from "./memory.js";
import { CUSTOMER, Refused, sandbox } from "./sandbox.js";
import { drawSoon } from "./screen.js";

const queues = new Map();
let nextKey = 0;

export function say(phone, text, attachment = null) {
  const item = { key: `unsent-${Date.now()}-${(nextKey += 1)}`, text, attachment, at: new Date(), state: "sending" };
  unsentOf(phone).push(item);
  remember();
  send(phone, item);
}

/** One message after the other, so that they arrive in the order they were written. */
export function send(phone, item) {
  Object.assign(item, { state: "sending", refused: null });
  drawSoon();
  const turn = (queues.get(phone) ?? Promise.resolve()).then(() => deliver(phone, item));
  queues.set(phone, turn);
}

async function deliver(phone, item) {
  const { text, attachment, at } = item;
  try {
    const { id } = await sandbox.write(phone, attachment ? { text, attachment } : { text });
    // The stream may have told of it before this answer did.
    if (unsentOf(phone).includes(item)) {
      settle(phone, item, id);
      if (chat.phone === phone) keep({ id, direction: CUSTOMER, text, attachment, at, delivery_status: "sent" });
    }
    refreshPeople();
  } catch (error) {
    Object.assign(item, { state: "failed", refused: error instanceof Refused ? `erro ${error.status}` : null });
    remember();
  }
  if (chat.phone === phone) drawSoon();
}

export function sendTyped() {
  const text = byId("text").value.trim();
  if (!text || !chat.phone) return;
  say(chat.phone, text);
  byId("text").value = "";
  keepDraft();
}

export const sendAttachment = (type) => say(chat.phone, "", attachmentOf(type));

export function keepDraft() {
  memory.drafts[chat.phone] = byId("text").value;
  remember();
  fitText();
}

export function fitText() {
  const text = byId("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}

/** A failed message goes back into the field, before what may be there. */
export function takeBack(item) {
  memory.unsent[chat.phone] = unsentOf(chat.phone).filter((other) => other !== item);
  byId("text").value = [item.text, byId("text").value].filter(Boolean).join("\n");
  keepDraft();
  drawSoon();
  byId("text").focus();
}
