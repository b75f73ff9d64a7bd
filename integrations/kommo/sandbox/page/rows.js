/* The messages' rows in the log: made once, then only changed, so that a screen reader hears each message once. */

import { attachmentDrawing } from "./attachments.js";
import { chat } from "./chat.js";
import { byId, element, icon, unseen } from "./dom.js";
import { formatted } from "./marks.js";
import { CUSTOMER } from "./sandbox.js";
import { clockTime, dayKey, dayName } from "./times.js";

const TOGETHER_MS = 5 * 60 * 1000;
const VIA_SHOWN = { staff: "equipe", salesbot: "Salesbot", template: "modelo" };

/** Delivery → icon and what a screen reader says. */
const TICKS = {
  sending: ["clock", "enviando"],
  failed: ["alert", "não enviada"],
  error: ["alert", "não entregue"],
  sent: ["sent", "enviada"],
  delivered: ["delivered", "entregue"],
  answered: ["delivered", "entregue e respondida"],
};

/** Brings the log in step, touching only what changed, so that a screen reader hears new messages once. */
export function drawLog(shown) {
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
  time.textContent = clockTime(entry.at);
  if (entry.direction === CUSTOMER) updateTick(row, entry);
  updateRepair(row, entry);
}

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
