/*
 * What the tab remembers, also over a reload: kept in its session storage.
 *
 * No word that was typed may get lost, so drafts and unsent messages stay here until they arrived.
 */

const MEMORY = "celular-de-demonstracao";

/** drafts: phone → text; unsent: phone → items; numbers: typed by hand; seen: phone → time of the last message read. */
export const memory = { drafts: {}, unsent: {}, numbers: [], seen: {}, ...recalled() };

function recalled() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}

export function remember() {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(memory));
  } catch {
    // Storage switched off or full: the page works on, it only forgets on reload.
  }
}

export const unsentOf = (phone) => (memory.unsent[phone] ??= []);

/** What was being sent when the tab was reloaded is offered again, unless it turns up in the chat. */
export function resumeUnsent() {
  for (const item of Object.values(memory.unsent).flat()) {
    Object.assign(item, { at: new Date(item.at), state: "failed" });
  }
}
