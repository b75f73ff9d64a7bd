/* Times as the page shows them: in pt-BR and in the shop's time zone, whatever the browser's own is. */

const TIME_ZONE = "America/Sao_Paulo";

const clockFormat = new Intl.DateTimeFormat("pt-BR", { timeZone: TIME_ZONE, hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("pt-BR", {
  timeZone: TIME_ZONE,
  weekday: "long",
  day: "numeric",
  month: "long",
});
const shortDayFormat = new Intl.DateTimeFormat("pt-BR", { timeZone: TIME_ZONE, day: "2-digit", month: "2-digit" });
const dayKeyFormat = new Intl.DateTimeFormat("sv-SE", { timeZone: TIME_ZONE });

export const clockTime = (date) => clockFormat.format(date);

export const dayKey = (date) => dayKeyFormat.format(date);
const isToday = (date) => dayKey(date) === dayKey(new Date());
const isYesterday = (date) => dayKey(date) === dayKey(new Date(Date.now() - 24 * 3600 * 1000));

export function dayName(date) {
  if (isToday(date)) return "Hoje";
  return isYesterday(date) ? "Ontem" : dayFormat.format(date);
}

export function shortTime(date) {
  if (isToday(date)) return clockTime(date);
  return isYesterday(date) ? "ontem" : shortDayFormat.format(date);
}
