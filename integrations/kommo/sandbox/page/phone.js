/*
 * The customer's phone: picks a customer, shows the chat with the shop as it changes, and writes into it.
 *
 * It speaks to the stand-in's /sandbox/ API only. It must never turn what a person wrote into markup (text nodes only),
 * and never lose a word that was typed: drafts and unsent messages live in the tab's session storage until they arrived.
 * Order of this file: what to try, talking to the sandbox, memory of the tab, text, drawing, what people do, start.
 */

const CUSTOMER = "in"; // The API says it from the shop's side: "in" is what this phone's owner wrote.
const TIME_ZONE = "America/Sao_Paulo";
const PEOPLE_EVERY_MS = 4000;
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 4000;
const SEND_WITHIN_MS = 20000;
const SHOWN_SUGGESTIONS = 3;

/* ---- What to try, by the last eight digits of the phone: the ninth digit comes and goes. ---- */

const TRY = {
  "87654321": {
    hint: "VW Gol 2019 na oficina",
    texts: ["oi, cadê meu carro?", "fica pronto hoje?", "o que já fizeram nele antes?", "quero falar com uma pessoa"],
  },
  "12345678": {
    hint: "Audi A3 e VW Polo",
    texts: ["já posso buscar o audi?", "quanto falta pagar?", "o polo ainda tá na garantia?", "aceita cartão?"],
  },
  "98765432": {
    hint: "Jetta com orçamento para responder",
    texts: ["me explica o orçamento", "quanto ficou a embreagem?", "pode fazer o serviço", "achei caro, não vou fazer"],
  },
  "76543210": {
    hint: "T-Cross em execução",
    texts: ["amanhã que horas fica pronto?", "vcs abrem sábado?", "obrigada!"],
  },
  "85551234": {
    hint: "Voyage esperando peça",
    texts: ["a peça do voyage chegou?", "e aí, alguma novidade?", "qual o endereço de vcs?"],
  },
  "66667777": {
    hint: "Tiguan, só no Kommo",
    texts: ["oi, como tá meu tiguan?", "aprovei o orçamento, e agora?", "quero marcar uma revisão"],
  },
};
const TRY_ANYONE = {
  hint: "Número novo, sem cadastro",
  texts: ["oi, bom dia!", "vcs mexem com câmbio DSG?", "qual o horário e o endereço?", "quero marcar uma revisão"],
};

/** Stand-ins: the links lead nowhere beyond this machine. */
const ATTACHMENTS = {
  voice: { label: "Nota de voz", detail: "0:07", file: "nota-de-voz.ogg" },
  picture: { label: "Foto", detail: "de faz de conta", file: "foto.jpg" },
  file: { label: "Documento", detail: "comprovante.pdf", file: "comprovante.pdf" },
  location: { label: "Localização", detail: "Av. Paulista, São Paulo", file: "localizacao?q=-23.5614,-46.6559" },
};
const KIND_OF = { voice: "voice", audio: "voice", picture: "picture", video: "picture", sticker: "picture", location: "location" };
const VIA_SHOWN = { staff: "equipe", salesbot: "Salesbot", template: "modelo" };

/* ---- Talking to the sandbox ---- */

/** The sandbox answered, and the answer was no. `status` is the HTTP status; no network is a TypeError instead. */
class Refused extends Error {
  constructor(status) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

async function call(path, options = {}) {
  const response = await fetch(path, { cache: "no-store", ...options });
  if (!response.ok) throw new Refused(response.status);
  return response.status === 204 ? null : response.json();
}

const chatPath = (phone) => `sandbox/chats/${phone}`;

const sandbox = {
  customers: () => call("sandbox/customers"),
  messages: (phone, signal) => call(`${chatPath(phone)}/messages`, { signal }),
  chat: (phone, signal) => call(chatPath(phone), { signal }),
  write: (phone, body) =>
    call(`${chatPath(phone)}/messages`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
    }),
};

/** A number nobody wrote from yet has no chat: that is an empty one, not an error. */
async function orNothing(answer, nothing) {
  try {
    return (await answer) ?? nothing;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return nothing;
    throw error;
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
