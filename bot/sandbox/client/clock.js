// Instants as the reader's own zone and calendar show them.

import { workspace } from "./workspace.js";

const LOCALE = "en-US";
const DAY_MS = 86_400_000;

function zone() {
  return workspace.me?.tz || undefined;
}

function format(date, options) {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: zone(), ...options }).format(date);
}

/** A Slack timestamp ("1642204800.000100") as a Date. */
export function instant(ts) {
  return new Date(Number(ts) * 1000);
}

/** "2022-01-15" in the reader's zone: equal for two instants of one day. */
export function dayOf(date) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone(), dateStyle: "short" }).format(date);
}

export function timeOf(date) {
  return format(date, { hour: "numeric", minute: "2-digit" });
}

/** Day, date and time in full, for a title. */
export function fullTime(date) {
  return `${longDay(date)} at ${secs(date)}`;
}

/** The time to a thousandth of a second. */
export function timeInFull(date) {
  return format(date, { hour: "numeric", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
}

/** "Today", "Yesterday", or the day's name and date: the words of a divider. */
export function dayName(date) {
  return capital(nearDay(date)) || (sameYear(date) ? withoutYear(longDay(date)) : longDay(date));
}

/** "5 minutes ago" or "in 2 days". */
export function ago(date) {
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  const seconds = Math.round((date - Date.now()) / 1000);
  for (const [unit, size] of [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, "second");
}

function nearDay(date) {
  const near = { [-1]: "yesterday", 0: "today", 1: "tomorrow" };
  const days = Math.round((Date.parse(dayOf(date)) - Date.parse(dayOf(new Date()))) / DAY_MS);
  return near[days] ?? "";
}

function sameYear(date) {
  return dayOf(date).slice(0, 4) === dayOf(new Date()).slice(0, 4);
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function ordinal(day) {
  const ends = { one: "st", two: "nd", few: "rd", other: "th" };
  return `${day}${ends[new Intl.PluralRules(LOCALE, { type: "ordinal" }).select(day)]}`;
}

function monthDay(date) {
  return `${format(date, { month: "long" })} ${ordinal(Number(format(date, { day: "numeric" })))}`;
}

function longDay(date) {
  return `${format(date, { weekday: "long" })}, ${monthDay(date)}, ${format(date, { year: "numeric" })}`;
}

function withoutYear(words) {
  return words.replace(/, \d+$/, "");
}

const short = (date) => format(date, { month: "short", day: "numeric", year: "numeric" });
const plain = (date) => `${monthDay(date)}, ${format(date, { year: "numeric" })}`;
const secs = (date) => format(date, { hour: "numeric", minute: "2-digit", second: "2-digit" });

// Slack's tokens: docs.slack.dev/messaging/formatting-message-text and .../block-elements/date-element.
const TOKENS = {
  date_num: dayOf,
  date_slash: (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: plain,
  date_short: short,
  date_long: longDay,
  date_long_full: (date) => format(date, { month: "long", day: "numeric", year: "numeric" }),
  date_pretty: (date) => nearDay(date) || plain(date),
  date_short_pretty: (date) => nearDay(date) || short(date),
  date_long_pretty: (date) => nearDay(date) || longDay(date),
  day_divider_pretty: (date) => nearDay(date) || (sameYear(date) ? withoutYear(longDay(date)) : longDay(date)),
  time: timeOf,
  time_secs: secs,
  ago,
};

/** Slack's date `pattern` for a Unix second; null when a token is unknown, so that the fallback shows. */
export function slackDate(seconds, pattern) {
  const date = new Date(seconds * 1000);
  const tokens = [...pattern.matchAll(/\{(\w+)\}/g)];
  if (Number.isNaN(date.getTime()) || tokens.some(([, name]) => !(name in TOKENS))) return null;
  const shown = (_, name, place) => (place === 0 ? capital : String)(TOKENS[name](date));
  return pattern.replace(/\{(\w+)\}/g, shown);
}

/** The Unix second of a wall-clock "2022-01-15T09:30" in the reader's zone. */
export function secondOf(wall) {
  const asUtc = Date.parse(`${wall}Z`);
  // Twice, because the first guess may fall on the other side of a clock change.
  const guess = asUtc - offset(new Date(asUtc));
  return Math.round((asUtc - offset(new Date(guess))) / 1000);
}

/** The wall clock of a Unix second in the reader's zone, as `<input type="datetime-local">` wants it. */
export function wallOf(seconds) {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() + offset(date)).toISOString().slice(0, 16);
}

function offset(date) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone(), hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(date);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(of.year, of.month - 1, of.day, of.hour, of.minute, of.second) - Math.floor(date / 1000) * 1000;
}
