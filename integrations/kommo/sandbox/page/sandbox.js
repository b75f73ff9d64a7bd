/* Talking to the stand-in's /sandbox/ API, the only thing this page talks to. */

export const CUSTOMER = "in"; // The API speaks from the shop's side: "in" is what this phone's owner wrote.
const SEND_WITHIN_MS = 20000;

/** The sandbox answered, and the answer was no (`status`: HTTP). No answer at all is a TypeError or a TimeoutError. */
export class Refused extends Error {
  constructor(status) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

async function call(path, options = {}) {
  const response = await fetch(path, { cache: "no-store", ...options });
  if (!response.ok) throw new Refused(response.status);
  return response.json();
}

export const sandbox = {
  customers: () => call("sandbox/customers"),
  messages: (phone) => call(`sandbox/chats/${phone}/messages`),
  changes: (phone) => new EventSource(`sandbox/chats/${phone}/stream`),
  write: (phone, body) =>
    call(`sandbox/chats/${phone}/messages`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
    }),
};
