// What stands between "<" and ">" in Slack's markup: people, channels, links, dates, broadcasts.

import { slackDate } from "./clock.js";
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { nameOf, workspace } from "./workspace.js";

const SAFE = /^(https?|mailto|tel|slack):/i;

/** A link that opens elsewhere; an address of another kind (say `javascript:`) stays plain text. */
export function link(address, ...words) {
  if (!SAFE.test(address)) return el("span", {}, words);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

export function userMention(id, label) {
  const user = workspace.user(id);
  const mine = id === workspace.me?.id ? ".mine" : "";
  const title = user?.title || null;
  return el(`span.mention${mine}`, { title }, "@", el("bdi", {}, user ? nameOf(user) : label || id));
}

export function channelMention(id, label) {
  const conversation = workspace.conversation(id);
  const name = conversation?.name || label;
  if (!name) return el("span.mention", {}, "#private channel");
  return el("a.mention", { href: `?channel=${encodeURIComponent(id)}`, data: { channel: id } }, `#${name}`);
}

export function broadcast(range) {
  return el("span.mention.mine", {}, `@${range}`);
}

export function groupMention(id, label) {
  return el("span.mention", {}, label ? `@${label.replace(/^@/, "")}` : `@${id}`);
}

/** Slack's date token as the reader's zone shows it, or its fallback. */
export function dateMention(seconds, pattern, address, fallback) {
  const words = slackDate(Number(seconds), pattern) ?? fallback ?? "";
  const time = el("time", { title: fallback || null }, words);
  return address ? link(address, time) : time;
}

/** The node for the inside of one `<…>`; words are already free of entities. */
export function token(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : inside.slice(bar + 1);
  if (target.startsWith("@")) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(target, withEmoji(label || target.replace(/^mailto:/, "")));
}

function special(target, label) {
  const [name, ...rest] = target.split("^");
  if (name === "date") return dateMention(rest[0], rest[1] ?? "", rest[2], label);
  if (name === "subteam") return groupMention(rest[0], label);
  if (["here", "channel", "everyone"].includes(name)) return broadcast(name);
  return el("span", {}, label || `<${target}>`);
}
