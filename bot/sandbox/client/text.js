// Text objects: `plain_text` and `mrkdwn`.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** A text object's words as a plain string, emoji in place. */
export function wordsOf(text) {
  if (!text) return "";
  if (typeof text === "string") return text;
  return text.emoji === false ? text.text : withEmoji(text.text);
}

/** A text object as an element of kind `tag`; the direction of writing follows the words. */
export function textNode(text, tag = "div.text") {
  const body = text.type === "mrkdwn" ? mrkdwn(text.text) : wordsOf(text).split("\n").flatMap((line, at) => (at ? [el("br"), line] : [line]));
  return el(tag, { dir: "auto" }, body);
}
