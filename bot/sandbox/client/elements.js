// Which element is drawn by whom.

import { button, overflow } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { el } from "./dom.js";
import { fileInput, picker, textInput } from "./inputs.js";
import { select } from "./select.js";

const ELEMENTS = {
  button,
  overflow,
  checkboxes,
  radio_buttons: radioButtons,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  file_input: fileInput,
  static_select: select,
  external_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: select,
  multi_external_select: select,
  multi_users_select: select,
  multi_conversations_select: select,
  multi_channels_select: select,
};

/** Say plainly what this client does not draw, by its name. */
export function notDrawn(kind, type) {
  return el("p.not-drawn", {}, /^[aeiou]/.test(type) ? "An " : "A ", el("code", {}, type), ` ${kind} is not drawn here. Slack shows it.`);
}

/** An element as a node; `name` holds the attributes that label its control. */
export function drawElement(element, block, surface, name) {
  const draw = ELEMENTS[element.type];
  const node = draw ? draw(element, block, surface, name) : notDrawn("element", element.type);
  return el("div.element", { data: { action: element.action_id ?? "", kind: element.type } }, node);
}

/** The control inside of an element that takes the focus. */
export function controlOf(node) {
  return node?.querySelector("input, textarea, select, button, a[href]") ?? null;
}
