// Slack's own markup, mrkdwn, as nodes. Source: docs.slack.dev/messaging/formatting-message-text.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link, token } from "./mention.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const STYLES = { "*": "strong", _: "em", "~": "del" };
const WORD = /[\p{L}\p{N}]/u;

/** Slack escapes three characters only; anything like "&#39;" is shown as it stands. */
export function unescape(words) {
  return words.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** mrkdwn as a list of nodes. */
export function mrkdwn(words) {
  return words.split(/```/).flatMap((piece, place, all) => {
    const fenced = place % 2 === 1 && place < all.length - 1;
    if (fenced) return [el("pre", {}, code(piece.replace(/^\n/, "").replace(/\n$/, "")))];
    const broken = place % 2 === 1 ? `\`\`\`${piece}` : piece;
    return lines(trimAroundFence(broken, place, all.length));
  });
}

function trimAroundFence(piece, place, count) {
  const opened = place > 0 ? piece.replace(/^\n/, "") : piece;
  return place < count - 1 ? opened.replace(/\n$/, "") : opened;
}

const QUOTED = /^(?:&gt;|>) ?/;
const ALL_QUOTED = /^(?:&gt;|>){3} ?/;

function lines(words) {
  if (!words) return [];
  const nodes = [];
  let plain = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length) nodes.push(el("blockquote", {}, withBreaks(quoted)));
    if (plain.length) nodes.push(...withBreaks(plain));
    [plain, quoted] = [[], []];
  };
  const all = words.split("\n");
  for (const [place, line] of all.entries()) {
    if (ALL_QUOTED.test(line)) {
      flush();
      quoted = [line.replace(ALL_QUOTED, ""), ...all.slice(place + 1)];
      break;
    }
    const isQuote = QUOTED.test(line);
    if ((isQuote && plain.length) || (!isQuote && quoted.length)) flush();
    if (isQuote) quoted.push(line.replace(QUOTED, ""));
    else plain.push(line);
  }
  flush();
  return nodes;
}

function withBreaks(rows) {
  return rows.flatMap((row, place) => (place ? [el("br"), ...inline(row)] : inline(row)));
}

/** One line's styles, links and emoji as nodes. */
export function inline(line) {
  const nodes = [];
  let text = "";
  const push = (node) => {
    if (text) nodes.push(withEmoji(unescape(text)));
    text = "";
    nodes.push(node);
  };
  let at = 0;
  while (at < line.length) {
    const found = piece(line, at);
    if (found) push(found.node);
    else text += line[at];
    at += found ? found.length : 1;
  }
  if (text) nodes.push(withEmoji(unescape(text)));
  return nodes;
}

function piece(line, at) {
  const sign = line[at];
  if (sign === "<") return angled(line, at);
  if (sign === "`") return backticked(line, at);
  if (sign in STYLES) return styled(line, at, sign);
  if (sign === "h" && !WORD.test(line[at - 1] ?? "")) return bare(line, at);
  return null;
}

function angled(line, at) {
  const end = line.indexOf(">", at);
  if (end <= at + 1) return null;
  return { node: token(unescape(line.slice(at + 1, end))), length: end - at + 1 };
}

function backticked(line, at) {
  const end = line.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: el("code", {}, code(line.slice(at + 1, end))), length: end - at + 1 };
}

function code(words) {
  return words.split(/(<[^<>\n]+>)/).map((part, place) => (place % 2 ? token(unescape(part.slice(1, -1))) : unescape(part)));
}

function styled(line, at, sign) {
  if (WORD.test(line[at - 1] ?? "") || /\s/.test(line[at + 1] ?? " ")) return null;
  for (let end = line.indexOf(sign, at + 2); end > 0; end = line.indexOf(sign, end + 1)) {
    const closes = !/\s/.test(line[end - 1]) && !WORD.test(line[end + 1] ?? "") && !insideAngles(line, at, end);
    if (closes) return { node: el(STYLES[sign], {}, inline(line.slice(at + 1, end))), length: end - at + 1 };
  }
  return null;
}

// An underscore in an address is part of the address.
function insideAngles(line, from, at) {
  return line.lastIndexOf("<", at) > Math.max(line.lastIndexOf(">", at), from);
}

function bare(line, at) {
  const [address] = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]}'"*_~]/.exec(line.slice(at)) ?? [];
  return address ? { node: link(unescape(address), unescape(address)), length: address.length } : null;
}
