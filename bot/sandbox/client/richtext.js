// The rich_text block: what Slack's own composer makes.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { broadcast, channelMention, dateMention, groupMention, link, userMention } from "./mention.js";

const STYLES = { bold: "strong", italic: "em", strike: "del", code: "code", underline: "u" };

const PARTS = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text || part.url),
  user: (part) => userMention(part.user_id),
  channel: (part) => channelMention(part.channel_id),
  usergroup: (part) => groupMention(part.usergroup_id),
  broadcast: (part) => broadcast(part.range),
  emoji: (part) => withEmoji(`:${part.name}:`),
  date: (part) => dateMention(part.timestamp, part.format, part.url, part.fallback),
  color: (part) => [el("span.swatch", { style: colour(part.value) }), part.value],
};

function colour(value) {
  return /^#[0-9a-f]{3,8}$/i.test(value) ? `background:${value}` : null;
}

function partNode(part) {
  const draw = PARTS[part.type];
  const plain = draw ? draw(part) : `[${part.type}]`;
  return Object.entries(STYLES).reduce((node, [style, tag]) => (part.style?.[style] ? el(tag, {}, node) : node), plain);
}

const parts = (holder) => (holder.elements ?? []).map(partNode);

const HOLDERS = {
  rich_text_section: (one) => el("div", {}, parts(one)),
  rich_text_preformatted: (one) => el("pre", {}, parts(one)),
  rich_text_quote: (one) => el("blockquote", {}, parts(one)),
  rich_text_list: list,
};

function list(one) {
  const tag = one.style === "ordered" ? "ol" : "ul";
  const start = one.offset ? one.offset + 1 : null;
  return el(tag, { start, style: `margin-inline-start:${(one.indent ?? 0) * 1.5}em` }, (one.elements ?? []).map((item) => el("li", {}, parts(item))));
}

/** A rich_text block as one element. */
export function richText(block) {
  const holders = (block.elements ?? []).map((one) => HOLDERS[one.type]?.(one) ?? el("div", {}, `[${one.type}]`));
  return el("div.text.rich", { dir: "auto" }, holders);
}
