// The markdown block: the common part of Markdown that Slack translates.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mention.js";

const BULLET = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const TABLE_LINE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/;

/** Markdown as a list of nodes. */
export function markdown(words) {
  const rows = words.replace(/\r\n?/g, "\n").split("\n");
  const nodes = [];
  while (rows.length) {
    const node = next(rows);
    if (node) nodes.push(node);
  }
  return nodes;
}

function next(rows) {
  const [first, second = ""] = rows;
  if (!first.trim()) return void rows.shift();
  if (/^\s*```/.test(first)) return fence(rows);
  if (RULE.test(first)) return rows.shift() && el("hr");
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(first);
  if (heading) return rows.shift() && el("p.heading", { role: "heading", "aria-level": Math.min(6, heading[1].length + 1) }, inline(heading[2]));
  if (/^\s*>/.test(first)) return quote(rows);
  if (BULLET.test(first)) return list(rows);
  if (first.includes("|") && TABLE_LINE.test(second)) return table(rows);
  return paragraph(rows);
}

function take(rows, wanted) {
  const end = rows.findIndex((row) => !wanted(row));
  return rows.splice(0, end < 0 ? rows.length : end);
}

function fence(rows) {
  rows.shift();
  const inside = take(rows, (row) => !/^\s*```/.test(row));
  rows.shift();
  return el("pre", {}, inside.join("\n"));
}

function quote(rows) {
  return el("blockquote", {}, markdown(take(rows, (row) => /^\s*>/.test(row)).map((row) => row.replace(/^\s*> ?/, "")).join("\n")));
}

function list(rows) {
  const items = take(rows, (row) => BULLET.test(row)).map((row) => BULLET.exec(row));
  const ordered = items[0][2] !== undefined;
  const boxes = { " ": "☐ ", x: "☑ ", X: "☑ " };
  const nodes = items.map(([, indent, , box, words]) =>
    el("li", { style: `margin-inline-start:${Math.floor(indent.length / 2)}em` }, boxes[box] ?? "", inline(words)));
  return el(ordered ? "ol" : "ul", { start: ordered ? items[0][2] : null }, nodes);
}

function table(rows) {
  const [head, , ...body] = take(rows, (row) => row.includes("|")).map((row) => row.trim().replace(/^\||\|$/g, "").split("|"));
  const line = (tag) => (cells) => el("tr", {}, cells.map((cell) => el(tag, {}, inline(cell.trim()))));
  return el("div.table", { tabindex: "0", role: "group", "aria-label": "Table" },
    el("table", {}, el("thead", {}, line("th")(head)), el("tbody", {}, body.map(line("td")))));
}

function paragraph(rows) {
  const inside = [rows.shift(), ...take(rows, (row) => row.trim() && !/^\s*(```|>|#{1,6}\s)/.test(row) && !BULLET.test(row))];
  return el("p", {}, inside.flatMap((row, at) => (at ? [el("br"), ...inline(row)] : inline(row))));
}

const INLINE = [
  [/^`([^`]+)`/, ([, words]) => el("code", {}, words)],
  [/^!\[([^\]]*)\]\(([^)\s]+)\)/, ([, words, address]) => link(address, words || address)],
  [/^\[([^\]]+)\]\(([^)\s]+)\)/, ([, words, address]) => link(address, inline(words))],
  [/^(\*\*|__)(?=\S)(.+?)\1/, ([, , words]) => el("strong", {}, inline(words))],
  [/^~~(?=\S)(.+?)~~/, ([, words]) => el("del", {}, inline(words))],
  [/^([*_])(?=\S)([^*_]+?)\1(?!\w)/, ([, , words]) => el("em", {}, inline(words))],
  [/^https?:\/\/[^\s<>)]+/, ([address]) => link(address, address)],
  [/^\\([\\`*_{}[\]()#+.!~|>-])/, ([, sign]) => sign],
];

function inline(words) {
  const nodes = [];
  let text = "";
  let rest = words;
  while (rest) {
    const found = match(rest, text);
    if (found) {
      if (text) nodes.push(withEmoji(text));
      text = "";
      nodes.push(found.node);
    } else {
      text += rest[0];
    }
    rest = rest.slice(found ? found.length : 1);
  }
  return text ? [...nodes, withEmoji(text)] : nodes;
}

function match(rest, before) {
  if (/[\p{L}\p{N}]$/u.test(before) && rest[0] === "_") return null;
  for (const [pattern, draw] of INLINE) {
    const found = pattern.exec(rest);
    if (found) return { node: draw(found), length: found[0].length };
  }
  return null;
}
