// The table and data_table blocks.

import { el } from "./dom.js";
import { richText } from "./richtext.js";
import { withEmoji } from "./emoji.js";

const PAGE = 5; // Slack's page_size when a data_table names none

function cellWords(cell) {
  if (cell.type === "raw_number") return cell.text ?? String(cell.value ?? "");
  return cell.text ?? "";
}

function cellNode(cell, tag, setting, scope = "col") {
  const node = cell.type === "rich_text" ? richText(cell) : withEmoji(cellWords(cell));
  const align = setting?.align ?? (cell.type === "raw_number" ? "right" : "left");
  return el(tag, { dir: "auto", class: `${align}${setting?.is_wrapped ? " wrapped" : ""}`, scope: tag === "th" ? scope : null }, node);
}

function frame(label, table, ...after) {
  return el("div.block", {}, el("div.table", { tabindex: "0", role: "group", "aria-label": label }, table), after);
}

/** A table block: every row shown, the first as its header. */
export function table(block) {
  const settings = block.column_settings ?? [];
  const row = (tag) => (cells) => el("tr", {}, cells.map((cell, at) => cellNode(cell, tag, settings[at])));
  const [head, ...body] = block.rows;
  return frame("Table", el("table", {}, el("thead", {}, row("th")(head)), el("tbody", {}, body.map(row("td")))));
}

/** A data_table block: sorted by a press on a column's name, and paged. */
export function dataTable(block) {
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? PAGE;
  const named = block.row_header_column_index ?? 0;
  const view = { page: 0, column: null, descending: false };
  const header = el("tr");
  const body = el("tbody");
  const pages = el("div.pages");
  const line = (cells) => el("tr", {}, cells.map((cell, at) => cellNode(cell, at === named ? "th" : "td", at === named ? { align: "left" } : null, "row")));

  const draw = () => {
    const ordered = view.column === null ? rows : sorted(rows, view.column, view.descending);
    body.replaceChildren(...ordered.slice(view.page * size, (view.page + 1) * size).map(line));
    [...header.children].forEach((cell, at) => cell.setAttribute("aria-sort", at === view.column ? (view.descending ? "descending" : "ascending") : "none"));
    drawPages();
  };
  const drawPages = () => {
    const last = Math.ceil(rows.length / size) - 1;
    const step = (words, by, able) => el("button.quiet", { type: "button", disabled: !able, on: { click: () => { view.page += by; draw(); } } }, words);
    const range = `${view.page * size + 1}–${Math.min(rows.length, (view.page + 1) * size)} of ${rows.length}`;
    pages.hidden = last < 1;
    pages.replaceChildren(step("Previous", -1, view.page > 0), el("span", { role: "status" }, range), step("Next", 1, view.page < last));
  };
  const sortBy = (at) => {
    view.descending = view.column === at && !view.descending;
    Object.assign(view, { column: at, page: 0 });
    draw();
  };
  header.append(...head.map((cell, at) => el("th", { scope: "col" }, el("button.sort", { type: "button", on: { click: () => sortBy(at) } }, withEmoji(cellWords(cell))))));
  draw();
  return frame(block.caption, el("table", {}, el("caption", {}, block.caption), el("thead", {}, header), body), pages);
}

function sorted(rows, column, descending) {
  const worth = (cell) => (cell.type === "raw_number" ? Number(cell.value ?? cell.text) : cellWords(cell).toLowerCase());
  const order = (one, two) => {
    const [left, right] = [worth(one[column]), worth(two[column])];
    if (typeof left === "number" && typeof right === "number") return left - right;
    return String(left).localeCompare(String(right));
  };
  return [...rows].sort((one, two) => (descending ? -order(one, two) : order(one, two)));
}
