/*
 * The customer's phone: picks a customer, shows the chat with the shop as it changes, and writes into it.
 *
 * It speaks to the stand-in's /sandbox/ API only. It must never turn what a person wrote into markup (text nodes only),
 * and never lose a word that was typed: drafts and unsent messages live in the tab's session storage until they arrived.
 *
 * In this file, in order: what to try · talking to the sandbox · what the tab remembers · words and times ·
 * drawing the list · drawing the chat · following a chat · writing · moving about · start.
 */

const CUSTOMER = "in"; // The API speaks from the shop's side: "in" is what this phone's owner wrote.
const TIME_ZONE = "America/Sao_Paulo";
const PEOPLE_EVERY_MS = 2000;
const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 4000;
const SEND_WITHIN_MS = 20000;
const CLOCK_SLACK_MS = 2000;
const TOGETHER_MS = 5 * 60 * 1000;
const NEAR_END_PX = 80;
const SUGGESTIONS_SHOWN = 3;

const byId = (id) => document.getElementById(id);
const wide = window.matchMedia("(min-width: 860px)");

/* ---- What to try, by the last eight digits of a phone: the ninth digit comes and goes. ---- */

const TRY = {
  87654321: {
    hint: "VW Gol 2019, na oficina",
    texts: ["oi, cadê meu carro?", "fica pronto hoje?", "o que já fizeram nele antes?", "quero falar com uma pessoa"],
  },
  12345678: {
    hint: "Audi A3 e VW Polo",
    texts: ["já posso buscar o audi?", "quanto falta pagar?", "o polo ainda tá na garantia?", "aceita cartão?"],
  },
  98765432: {
    hint: "VW Jetta, orçamento para responder",
    texts: ["me explica o orçamento", "quanto ficou a embreagem?", "pode fazer o serviço", "achei caro, não vou fazer"],
  },
  76543210: {
    hint: "VW T-Cross, em execução",
    texts: ["que horas fica pronto?", "vcs abrem sábado?", "qual o endereço de vcs?", "obrigada!"],
  },
  85551234: {
    hint: "VW Voyage, esperando peça",
    texts: ["a peça do voyage chegou?", "e aí, alguma novidade?", "qual o endereço de vcs?"],
  },
  66667777: {
    hint: "VW Tiguan, só no Kommo",
    texts: ["oi, como tá meu tiguan?", "aprovei o orçamento, e agora?", "quero marcar uma revisão"],
  },
};
const TRY_ANYONE = {
  hint: "Número sem cadastro",
  texts: ["oi, bom dia!", "vcs mexem com câmbio dsg?", "qual o horário e o endereço?", "quero marcar uma revisão"],
};

/** What the "+" sends: drawn here, never loaded; the links lead nowhere beyond the sandbox. */
const ATTACHMENTS = {
  voice: { title: "Nota de voz", detail: "0:07", file: "nota-de-voz.ogg" },
  picture: { title: "Foto", detail: "de faz de conta", file: "foto.jpg" },
  file: { title: "Documento", detail: "comprovante.pdf", file: "comprovante.pdf" },
  location: { title: "Localização", detail: "Avenida Paulista, São Paulo", file: "mapa?q=-23.5614,-46.6559" },
};
const DRAWN_AS = {
  voice: "voice",
  audio: "voice",
  picture: "picture",
  video: "picture",
  sticker: "picture",
  location: "location",
};
const VIA_SHOWN = { staff: "equipe", salesbot: "Salesbot", template: "modelo" };

const tryWith = (phone) => TRY[phone.slice(-8)] ?? TRY_ANYONE;

/* ---- Talking to the sandbox ---- */

/** The sandbox answered, and the answer was no (`status`: HTTP). No answer at all is a TypeError or a TimeoutError. */
class Refused extends Error {
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

const sandbox = {
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

/* ---- What the tab remembers, also over a reload ---- */

const MEMORY = "celular-de-demonstracao";

/** drafts: phone → text; unsent: phone → items; numbers: typed by hand; seen: phone → time of the last message read. */
const memory = { drafts: {}, unsent: {}, numbers: [], seen: {}, ...recalled() };

function recalled() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}

function remember() {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(memory));
  } catch {
    // Storage switched off or full: the page works on, it only forgets on reload.
  }
}

const unsentOf = (phone) => (memory.unsent[phone] ??= []);

/** The chat on the screen. `rowOf`: the sandbox's id → key of the row that was drawn for it while it was being sent. */
const chat = { phone: null, ...emptyChat() };

function emptyChat() {
  return { messages: new Map(), rowOf: new Map(), typing: false, loaded: false, source: null, retry: 0 };
}

let people = [];
let nextKey = 0;

/* ---- Words and times ---- */

const clockFormat = new Intl.DateTimeFormat("pt-BR", { timeZone: TIME_ZONE, hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("pt-BR", {
  timeZone: TIME_ZONE,
  weekday: "long",
  day: "numeric",
  month: "long",
});
const shortDayFormat = new Intl.DateTimeFormat("pt-BR", { timeZone: TIME_ZONE, day: "2-digit", month: "2-digit" });
const dayKeyFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: TIME_ZONE });

const dayKey = (date) => dayKeyFormat.format(date);
const isToday = (date) => dayKey(date) === dayKey(new Date());
const isYesterday = (date) => dayKey(date) === dayKey(new Date(Date.now() - 24 * 3600 * 1000));

function dayName(date) {
  if (isToday(date)) return "Hoje";
  return isYesterday(date) ? "Ontem" : dayFormat.format(date);
}

function shortTime(date) {
  if (isToday(date)) return clockFormat.format(date);
  return isYesterday(date) ? "ontem" : shortDayFormat.format(date);
}

/** Digits with country code as people read them: +55 11 98765-4321; other countries' only with a plus. */
function shownPhone(digits) {
  const parts = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  return parts ? `+55 ${parts[1]} ${parts[2]}-${parts[3]}` : `+${digits}`;
}

/** What was typed as a phone: digits with country code (Brazil's unless a plus says otherwise), or null. */
function dialled(typed) {
  const digits = typed.replace(/\D/g, "");
  const whole = typed.trim().startsWith("+") || digits.length > 11 ? digits : `55${digits}`;
  return /^(55\d{10,11}|(?!55)[1-9]\d{7,14})$/.test(whole) ? whole : null;
}

// A mark counts only at the edge of a word: snake_case and 2 * 3 * 4 stay as they are.
const MARKED =
  /(?<![\p{L}\p{N}])(?:```(?<mono>[\s\S]+?)```|(?<mark>[*_~])(?=\S)(?<inner>[^\n]*?\S)\k<mark>)(?![\p{L}\p{N}])/u;
const TAG_OF = { "*": "strong", _: "em", "~": "s" };

/** WhatsApp's marks as elements: *bold*, _italic_, ~strike~, ```mono```. Everything else stays text. */
function formatted(text) {
  const fragment = document.createDocumentFragment();
  const found = MARKED.exec(text);
  if (!found) {
    fragment.append(text);
    return fragment;
  }
  const { mono, mark, inner } = found.groups;
  const styled = mono === undefined ? element(TAG_OF[mark], {}, formatted(inner)) : element("code", {}, mono);
  fragment.append(text.slice(0, found.index), styled, formatted(text.slice(found.index + found[0].length)));
  return fragment;
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Words for screen readers only. */
const unseen = (words, more = "") => element("span", { class: `visually-hidden ${more}`.trim() }, words);

const SVG = "http://www.w3.org/2000/svg";

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  svg.firstChild.setAttribute("href", `#icon-${name}`);
  return svg;
}

/* ---- Drawing the list ---- */

const nameOf = (person) => (!person.name || /^\+?\d+$/.test(person.name) ? shownPhone(person.phone) : person.name);
const personOf = (phone) => people.find((person) => person.phone === phone) ?? { phone, name: "" };

function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return words.length ? (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase() : "#";
}

/** Any spread would do; this one gives the demo's six customers six colours. */
const tintOf = (phone) => String((Number(phone) % 127) % 6);

let peopleDrawn = "";

/** Only when something changed: a button replaced under a finger would swallow the click. */
function drawPeople() {
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

function isFresh(person) {
  return person.phone !== chat.phone && person.last_at !== null && person.last_at > (memory.seen[person.phone] ?? "");
}

/** What the page found when it first saw a customer counts as read, and so does what comes into the open chat. */
function noteSeen(person) {
  if (!(person.phone in memory.seen) || person.phone === chat.phone) memory.seen[person.phone] = person.last_at ?? "";
}

async function refreshPeople() {
  try {
    const found = await sandbox.customers();
    const typedIn = memory.numbers.filter((phone) => !found.some((person) => person.phone === phone));
    people = [...found, ...typedIn.map((phone) => ({ phone, name: "", last_message: null, last_at: null }))];
    people.forEach(noteSeen);
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

async function keepPeopleFresh() {
  if (!document.hidden) await refreshPeople();
  setTimeout(keepPeopleFresh, PEOPLE_EVERY_MS);
}

/* ---- Drawing the chat ---- */

/** A phone shows a message of the shop once it arrived, so one that is still `sent` is not there yet. */
const isUnderWay = (message) => message.direction !== CUSTOMER && message.delivery_status === "sent";

/** What the chat shows, oldest first: what the sandbox has, then what has not reached it. */
function entries() {
  const arrived = [...chat.messages.values()].filter((message) => !isUnderWay(message)).sort((a, b) => a.at - b.at);
  const lastAnswer = arrived.findLast((message) => message.direction !== CUSTOMER)?.at ?? 0;
  const known = arrived.map((message) => {
    const key = chat.rowOf.get(message.id) ?? message.id;
    return { ...message, key, answered: message.at < lastAnswer };
  });
  const unsent = unsentOf(chat.phone).map((item) => ({ ...item, direction: CUSTOMER, delivery_status: item.state }));
  return [...known, ...unsent];
}

let drawing = false;

/** Draws once for all changes of one moment. */
function drawSoon() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    drawChat();
  });
}

function drawChat() {
  const scroll = byId("scroll");
  const wasAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
  const shown = entries();
  const added = drawLog(shown);
  byId("typing").hidden = !(chat.typing || [...chat.messages.values()].some(isUnderWay));
  byId("blank").hidden = shown.length > 0 || !chat.loaded;
  drawSuggestions(shown);
  drawPresence();
  if (wasAtEnd || added.some((entry) => entry.direction === CUSTOMER)) toEnd();
  else if (added.length) byId("newer").hidden = false;
}

/** Brings the log in step, touching only what changed, so that a screen reader hears new messages once. */
function drawLog(shown) {
  const log = byId("log");
  const old = new Map([...log.children].map((row) => [row.dataset.key, row]));
  const wanted = shown.flatMap((entry, index) => rowsOf(entry, shown[index - 1], old));
  for (const row of old.values()) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, index) => {
    if (log.children[index] !== row) log.insertBefore(row, log.children[index] ?? null);
  });
  return shown.filter((entry) => !old.has(entry.key));
}

/** An entry's row, after the day's when a new day begins; those already on the screen are used again. */
function rowsOf(entry, before, old) {
  const day = dayKey(entry.at);
  const newDay = !before || dayKey(before.at) !== day;
  const row = old.get(entry.key) ?? newRow(entry);
  updateRow(row, entry, !newDay && before.direction === entry.direction && entry.at - before.at < TOGETHER_MS);
  if (!newDay) return [row];
  return [old.get(day) ?? element("li", { class: "day", "data-key": day }, dayName(entry.at)), row];
}

function newRow(entry) {
  const own = entry.direction === CUSTOMER;
  const bubble = element("div", { class: "bubble" }, unseen(own ? "Você: " : "Oficina: "));
  if (entry.attachment) bubble.append(attachmentDrawing(entry.attachment.type));
  if (entry.text) bubble.append(element("span", { class: "words" }, formatted(entry.text)));
  bubble.append(metaLine(entry, own));
  const row = element("li", { "data-key": entry.key, class: chat.loaded ? "row arrives" : "row" }, bubble);
  row.classList.toggle("own", own);
  row.classList.toggle("wordless", !entry.text);
  return row;
}

function metaLine(entry, own) {
  const meta = element("span", { class: "meta" });
  if (VIA_SHOWN[entry.via]) meta.append(element("span", {}, `${VIA_SHOWN[entry.via]} ·`));
  meta.append(element("time", {}));
  if (own) meta.append(icon("clock"), unseen("", "tick-words"));
  return meta;
}

function updateRow(row, entry, follows) {
  row.classList.toggle("follows", follows);
  row.classList.toggle("failed", entry.delivery_status === "failed");
  row.classList.toggle("lost", entry.direction !== CUSTOMER && entry.delivery_status === "error");
  const time = row.querySelector("time");
  time.dateTime = entry.at.toISOString();
  time.textContent = clockFormat.format(entry.at);
  if (entry.direction === CUSTOMER) updateTick(row, entry);
  updateRepair(row, entry);
}

/** Delivery → icon and what a screen reader says. */
const TICKS = {
  sending: ["clock", "enviando"],
  failed: ["alert", "não enviada"],
  error: ["alert", "não entregue"],
  sent: ["sent", "enviada"],
  delivered: ["delivered", "entregue"],
  answered: ["delivered", "entregue e respondida"],
};

function updateTick(row, entry) {
  const status = entry.delivery_status === "delivered" && entry.answered ? "answered" : entry.delivery_status;
  const [name, words] = TICKS[status] ?? TICKS.sent;
  row.dataset.delivery = status;
  row.querySelector(".meta use").setAttribute("href", `#icon-${name}`);
  row.querySelector(".tick-words").textContent = words;
}

/** Under a message that did not make it: what happened, and what to do next. */
function updateRepair(row, entry) {
  const words = troubleOf(entry);
  const shown = row.querySelector(".repair");
  if (shown?.dataset.words === words || (!shown && !words)) return;
  shown?.remove();
  if (!words) return;
  const repair = element("div", { class: "repair", "data-words": words }, element("p", {}, words));
  if (entry.delivery_status === "failed") {
    repair.append(element("button", { type: "button", "data-retry": entry.key }, "Tentar de novo"));
    repair.append(
      element("button", { type: "button", "data-take-back": entry.key }, entry.text ? "Editar" : "Descartar"),
    );
  }
  row.append(repair);
}

function troubleOf(entry) {
  const refusal = entry.refused ? `: o Kommo simulado recusou (${entry.refused})` : "";
  if (entry.delivery_status === "failed") return `não enviada${refusal}`;
  if (entry.delivery_status === "error" && entry.direction !== CUSTOMER)
    return "não chegou ao celular: falha na entrega";
  return "";
}

function attachmentDrawing(type) {
  const kind = DRAWN_AS[type] ?? "file";
  const { title, detail } = ATTACHMENTS[kind];
  const words = element("div", {}, title, element("small", {}, detail));
  if (kind === "picture" || kind === "location") {
    const drawing = element("div", { class: `drawing ${kind}` }, icon(kind));
    return element("div", {}, drawing, element("div", { class: "item" }, words));
  }
  if (kind === "voice") words.prepend(wave());
  return element("div", { class: "item" }, icon(kind === "voice" ? "play" : kind), words);
}

const wave = () =>
  element("span", { class: "wave", "aria-hidden": "true" }, ...Array.from({ length: 26 }, () => element("i")));

function drawPresence() {
  if (!chat.phone) return;
  const name = nameOf(personOf(chat.phone));
  const number = chat.typing || name.startsWith("+") ? "" : ` · ${shownPhone(chat.phone)}`;
  setText(byId("presence-words"), chat.typing ? "digitando…" : `Você é ${name}`);
  setText(byId("presence-number"), number);
  setText(byId("heard"), chat.typing ? "digitando…" : "");
  document.title = `${name} · Celular de demonstração`;
}

/** Writes only what changed: a status region is read aloud with every write. */
function setText(one, text) {
  if (one.textContent !== text) one.textContent = text;
}

function drawSuggestions(shown) {
  const said = new Set(shown.filter((entry) => entry.direction === CUSTOMER).map((entry) => entry.text));
  const texts = tryWith(chat.phone)
    .texts.filter((text) => !said.has(text))
    .slice(0, SUGGESTIONS_SHOWN);
  const box = byId("suggestions");
  if (box.dataset.texts === texts.join("\n")) return;
  box.dataset.texts = texts.join("\n");
  box.replaceChildren(...texts.map((text) => element("button", { type: "button" }, text)));
}

function toEnd() {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
  byId("newer").hidden = true;
}

/* ---- Following a chat ---- */

function openChat(phone) {
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
  // A ping arrives as an event without data.
  const hearData = (name, act) => hear(name, (event) => event.data && act(JSON.parse(event.data)));
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

/** A message as the sandbox tells it, new or changed. It may be one that this tab still holds as unsent. */
function take(message) {
  const at = new Date(message.sent_at);
  if (message.direction === CUSTOMER && !chat.messages.has(message.id)) {
    const item = unsentOf(chat.phone).find((one) => isSame(one, message, at));
    if (item && !chat.rowOf.has(message.id)) settle(chat.phone, item, message.id);
  }
  keep({ ...message, at });
}

const keep = (message) => chat.messages.set(message.id, message);

/** Whether this is what became of an unsent item whose answer got lost or is still on its way. */
function isSame(item, message, at) {
  const sameText = item.text === message.text && (item.attachment?.type ?? null) === (message.attachment?.type ?? null);
  return sameText && at >= item.at - CLOCK_SLACK_MS;
}

/** The sandbox has it: its row stays on the screen under the sandbox's id. */
function settle(phone, item, id) {
  memory.unsent[phone] = unsentOf(phone).filter((other) => other.key !== item.key);
  if (chat.phone === phone) chat.rowOf.set(id, item.key);
  remember();
}

/* ---- Writing ---- */

const queues = new Map();

function say(phone, text, attachment = null) {
  const item = { key: `unsent-${Date.now()}-${(nextKey += 1)}`, text, attachment, at: new Date(), state: "sending" };
  unsentOf(phone).push(item);
  remember();
  send(phone, item);
}

/** One message after the other, so that they arrive in the order they were written. */
function send(phone, item) {
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

function sendTyped() {
  const text = byId("text").value.trim();
  if (!text || !chat.phone) return;
  say(chat.phone, text);
  byId("text").value = "";
  keepDraft();
}

function sendAttachment(type) {
  const link = new URL(`sandbox/anexos/${ATTACHMENTS[type].file}`, document.baseURI).href;
  say(chat.phone, "", { type, link });
}

function keepDraft() {
  memory.drafts[chat.phone] = byId("text").value;
  remember();
  fitText();
}

function fitText() {
  const text = byId("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}

/** A failed message goes back into the field, before what may be there. */
function takeBack(item) {
  memory.unsent[chat.phone] = unsentOf(chat.phone).filter((other) => other !== item);
  byId("text").value = [item.text, byId("text").value].filter(Boolean).join("\n");
  keepDraft();
  drawSoon();
  byId("text").focus();
}

/* ---- Moving about ---- */

/** The address says which phone is open (#5511987654321), so the browser's own way back leads to the list. */
function followAddress(event) {
  const phone = /^#(\d{8,15})$/.exec(location.hash)?.[1] ?? null;
  byId("app").dataset.view = phone ? "chat" : "list";
  if (!phone) return wide.matches || !chat.phone ? undefined : leaveChat();
  if (phone !== chat.phone) openChat(phone);
  if (event) (wide.matches ? byId("text") : byId("back")).focus({ preventScroll: true });
}

/** On a wide screen an empty handset would be a riddle: it shows whoever wrote last. */
function openFirst() {
  if (!wide.matches || chat.phone || !people.length) return;
  history.replaceState(null, "", `#${people[0].phone}`);
  followAddress();
}

function leaveChat() {
  const phone = chat.phone;
  chat.source?.close();
  Object.assign(chat, { phone: null, source: null });
  document.title = "Celular de demonstração · Doctor Auto Prime";
  drawPeople();
  byId("customers").querySelector(`[data-phone="${phone}"]`)?.focus();
}

/** Arrows, Home and End walk the list; Tab walks it too. */
function walkList(event) {
  const buttons = [...byId("customers").querySelectorAll(".customer")];
  const here = buttons.indexOf(document.activeElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || here < 0) return;
  event.preventDefault();
  buttons[Math.max(0, Math.min(to, buttons.length - 1))].focus();
}

function dial(event) {
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

function openMenu(open) {
  byId("attach-menu").hidden = !open;
  byId("attach-toggle").setAttribute("aria-expanded", String(open));
  if (open) byId("attach-menu").querySelector("button").focus();
}

function closeMenuUnless(target) {
  if (!target.closest(".attach")) openMenu(false);
}

function onLogClick(event) {
  const { retry, takeBack: back } = event.target.closest("button")?.dataset ?? {};
  const item = unsentOf(chat.phone).find((one) => one.key === (retry ?? back));
  if (!item) return;
  if (retry) send(chat.phone, item);
  else takeBack(item);
}

function onMenuClick(event) {
  const type = event.target.closest("button")?.dataset.attach;
  if (!type) return;
  openMenu(false);
  sendAttachment(type);
  byId("attach-toggle").focus();
}

function onComposerKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendTyped();
}

function onSuggestion(event) {
  const text = event.target.closest("button")?.textContent;
  if (!text) return;
  say(chat.phone, text);
  byId(wide.matches ? "text" : "scroll").focus({ preventScroll: true });
}

function tickClock() {
  byId("clock").textContent = clockFormat.format(new Date());
  setTimeout(tickClock, 60_000 - (Date.now() % 60_000));
}

/* ---- Start ---- */

function wire() {
  byId("customers").addEventListener("click", (event) => {
    const phone = event.target.closest(".customer")?.dataset.phone;
    if (phone) location.hash = phone;
    if (phone === chat.phone) followAddress(event);
  });
  byId("customers").addEventListener("keydown", walkList);
  byId("dial").addEventListener("submit", dial);
  byId("back").addEventListener("click", () => (location.hash = ""));
  byId("log").addEventListener("click", onLogClick);
  byId("newer").addEventListener("click", toEnd);
  byId("scroll").addEventListener("scroll", (event) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) byId("newer").hidden = true;
  });
  byId("suggestions").addEventListener("click", onSuggestion);
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    sendTyped();
    byId("text").focus();
  });
  byId("text").addEventListener("keydown", onComposerKey);
  byId("text").addEventListener("input", keepDraft);
  byId("attach-toggle").addEventListener("click", () => openMenu(byId("attach-menu").hidden));
  byId("attach-menu").addEventListener("click", onMenuClick);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || byId("attach-menu").hidden) return;
    openMenu(false);
    byId("attach-toggle").focus();
  });
  document.addEventListener("pointerdown", (event) => closeMenuUnless(event.target));
  byId("attach-menu").addEventListener(
    "focusout",
    (event) => event.relatedTarget && closeMenuUnless(event.relatedTarget),
  );
  window.addEventListener("hashchange", followAddress);
  wide.addEventListener("change", openFirst);
  document.addEventListener("visibilitychange", () => !document.hidden && refreshPeople());
}

/** What was being sent when the tab was reloaded is offered again, unless it turns up in the chat. */
function resumeUnsent() {
  for (const item of Object.values(memory.unsent).flat()) {
    Object.assign(item, { at: new Date(item.at), state: "failed" });
  }
}

wire();
tickClock();
resumeUnsent();
await keepPeopleFresh();
followAddress();
openFirst();
