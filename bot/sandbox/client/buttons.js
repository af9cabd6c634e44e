// Elements one presses: button and overflow.

import { confirmed } from "./confirm.js";
import { ICONS, el, icon } from "./dom.js";
import { menuOf } from "./menu.js";
import { wordsOf } from "./text.js";

const SAFE = /^https?:/i;

/** Run `work` with `node` shown as busy and deaf to presses meanwhile. */
export async function whileBusy(node, work) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

export function button(element, block, surface) {
  const field = surface.field(block, element, null);
  const press = async () => {
    if (!(await confirmed(element.confirm))) return;
    await whileBusy(node, () => field.act({ type: "button", value: element.value ?? null }));
  };
  const address = SAFE.test(element.url ?? "") ? element.url : null;
  const shape = { class: `button ${element.style ?? ""}`, "aria-label": element.accessibility_label, dir: "auto", on: { click: press } };
  const node = address
    ? el("a", { ...shape, href: address, target: "_blank", rel: "noopener noreferrer" }, wordsOf(element.text))
    : el("button", { ...shape, type: "button" }, wordsOf(element.text));
  return node;
}

export function overflow(element, block, surface) {
  const field = surface.field(block, element, null);
  const opener = el("button.quiet.square", { type: "button", "aria-label": "More options" }, icon(ICONS.more));
  const choose = async (option) => {
    if (!(await confirmed(element.confirm))) return;
    await whileBusy(opener, () => field.act({ type: "overflow", selected_option: option }));
  };
  return menuOf(opener, () => element.options.map((option) => ({
    label: wordsOf(option.text),
    note: option.description ? wordsOf(option.description) : null,
    address: SAFE.test(option.url ?? "") ? option.url : null,
    pick: () => choose(option),
  })));
}
