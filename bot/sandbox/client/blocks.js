// Block Kit's blocks as nodes. Source: docs.slack.dev/reference/block-kit/blocks.

import { ICONS, arrange, el, freshId, icon } from "./dom.js";
import { notDrawn, controlOf, drawElement } from "./elements.js";
import { pictureAddress, pictureNode } from "./files.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./table.js";
import { textNode, wordsOf } from "./text.js";

const BLOCKS = {
  section,
  header: (block) => el("h2.block.heading", { dir: "auto" }, wordsOf(block.text)),
  divider: () => el("hr.block"),
  context,
  actions,
  image: imageBlock,
  input,
  rich_text: (block) => el("div.block", {}, richText(block)),
  markdown: (block) => el("div.block.text", { dir: "auto" }, markdown(block.text)),
  table,
  data_table: dataTable,
  alert: (block) => el("div.block.alert", { data: { level: block.level ?? "default" }, role: "note" }, textNode(block.text)),
};

function section(block, surface) {
  const id = freshId("words");
  const hint = wordsOf(block.accessory?.placeholder);
  const name = hint ? { "aria-label": hint } : { "aria-labelledby": id };
  const fields = block.fields ? el("div.fields", {}, block.fields.map((field) => textNode(field))) : null;
  const words = el("div.words", { id }, block.text ? textNode(block.text) : null, fields);
  return el("div.block.section", {}, words, block.accessory ? accessory(block, surface, name) : null);
}

function accessory(block, surface, name) {
  if (block.accessory.type === "image") return el("div.thumbnail", {}, picture(block.accessory));
  return drawElement(block.accessory, block, surface, name);
}

function context(block) {
  const parts = block.elements.map((one) => (one.type === "image" ? picture(one) : textNode(one, "span")));
  return el("div.block.context", {}, parts);
}

function actions(block, surface) {
  const nameOf = (element) => ({ "aria-label": wordsOf(element.placeholder) || element.action_id });
  return el("div.block.actions", {}, block.elements.map((element) => drawElement(element, block, surface, nameOf(element))));
}

function imageBlock(block) {
  return el("figure.block", {}, block.title ? el("figcaption", { dir: "auto" }, wordsOf(block.title)) : null, picture(block));
}

function picture({ image_url: url, slack_file: file, alt_text: words }) {
  const address = file ? pictureAddress(file) : url;
  const instead = () => missingPicture(words, "This picture could not be loaded.");
  return /^(https?:|\/)/i.test(address ?? "") ? pictureNode(address, words, instead) : instead();
}

function missingPicture(words, why) {
  return el("span.no-picture", { title: why }, icon(ICONS.image), el("span", {}, words || "Picture"));
}

function input(block, surface) {
  const ids = { label: freshId("label"), hint: freshId("hint"), error: freshId("error"), control: freshId("control") };
  const name = {
    id: ids.control,
    "aria-labelledby": ids.label,
    "aria-describedby": block.hint ? `${ids.hint} ${ids.error}` : ids.error,
    "aria-required": block.optional ? null : "true",
  };
  const optional = block.optional ? el("span.optional", {}, " (optional)") : null;
  return el("div.block.input", {},
    el("label.label", { id: ids.label, for: ids.control, dir: "auto" }, wordsOf(block.label), optional),
    drawElement(block.element, block, surface, name),
    block.hint ? el("div.hint", { id: ids.hint, dir: "auto" }, wordsOf(block.hint)) : null,
    el("p.error", { id: ids.error, role: "alert" }));
}

function drawBlock(block, surface) {
  const draw = BLOCKS[block.type];
  const node = draw ? draw(block, surface) : el("div.block", {}, notDrawn("block", block.type));
  node.dataset.block = block.block_id ?? "";
  return node;
}

const drawn = new WeakMap();

/**
 * Make `host` show `blocks`. A block that is as it was keeps its node, so what is typed and focused
 * there stays; a changed one is drawn anew with what was filled in under the same ids.
 */
export function showBlocks(host, blocks, surface) {
  const before = drawn.get(host) ?? new Map();
  const focused = markFocus(host);
  const after = new Map();
  const nodes = blocks.map((block, place) => {
    const id = block.block_id ?? `#${place}`;
    const words = JSON.stringify(block);
    const old = before.get(id);
    const node = old?.words === words ? old.node : drawBlock(block, surface);
    after.set(id, { words, node });
    return node;
  });
  surface.prune(blocks);
  arrange(host, nodes);
  drawn.set(host, after);
  if (focused && !host.contains(document.activeElement)) focused();
}

// How to come back to the same control after its block has been drawn anew; null when the focus is elsewhere.
function markFocus(host) {
  const active = document.activeElement;
  if (!host.contains(active)) return null;
  const [block, action] = [active.closest("[data-block]")?.dataset.block, active.closest("[data-action]")?.dataset.action];
  const range = [active.selectionStart, active.selectionEnd];
  return () => {
    const control = controlAt(host, block, action);
    control?.focus();
    if (range[0] !== null && control?.setSelectionRange && control.type !== "date") control.setSelectionRange(...range);
  };
}

/** The control of an element by its ids; without `action`, the first of the block. */
export function controlAt(host, block, action) {
  const within = [...host.querySelectorAll("[data-block]")].find((node) => node.dataset.block === block);
  const elements = [...(within?.querySelectorAll("[data-action]") ?? [])];
  return controlOf(action === undefined ? elements[0] : elements.find((node) => node.dataset.action === action));
}

/** Show `errors` ({block_id: words}) under their fields; focus the first. Returns those without a field. */
export function showErrors(host, errors) {
  const left = { ...errors };
  let first = null;
  for (const block of host.querySelectorAll(".block.input")) {
    const words = left[block.dataset.block] ?? "";
    delete left[block.dataset.block];
    const control = mark(block, words);
    if (words) first ??= control;
  }
  first?.focus();
  return left;
}

/** Take the error from a field that is being mended. */
export function clearError(host, blockId) {
  for (const block of host.querySelectorAll(".block.input.wrong")) if (block.dataset.block === blockId) mark(block, "");
}

function mark(block, words) {
  block.classList.toggle("wrong", Boolean(words));
  block.querySelector(".error").textContent = words;
  const control = controlOf(block.querySelector("[data-action]"));
  if (words) control?.setAttribute("aria-invalid", "true");
  else control?.removeAttribute("aria-invalid");
  return control;
}
