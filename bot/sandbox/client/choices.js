// Checkboxes and radio buttons.

import { confirmed } from "./confirm.js";
import { el, freshId } from "./dom.js";
import { textNode } from "./text.js";

export function checkboxes(element, block, surface, name) {
  const field = surface.field(block, element, { type: "checkboxes", selected_options: element.initial_options ?? [] });
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ option }) => option);
  const change = async (event) => {
    if (await confirmed(element.confirm)) await field.change({ type: "checkboxes", selected_options: chosen() });
    else event.target.checked = !event.target.checked;
  };
  const held = new Set(field.value.selected_options.map((option) => option.value));
  const boxes = element.options.map((option) => choice("checkbox", option, held.has(option.value), null, change));
  return el("div.choices", { role: "group", ...name }, boxes.map(({ node }) => node));
}

export function radioButtons(element, block, surface, name) {
  const field = surface.field(block, element, { type: "radio_buttons", selected_option: element.initial_option ?? null });
  const group = freshId("radio");
  const change = async (event, option) => {
    if (await confirmed(element.confirm)) return field.change({ type: "radio_buttons", selected_option: option });
    const before = field.value.selected_option?.value;
    for (const one of radios) one.box.checked = one.option.value === before;
  };
  const radios = element.options.map((option) => choice("radio", option, option.value === field.value.selected_option?.value, group, change));
  return el("div.choices", { role: "radiogroup", ...name }, radios.map(({ node }) => node));
}

function choice(type, option, checked, group, change) {
  const box = el("input", { type, checked, name: group, on: { change: (event) => change(event, option) } });
  const words = [textNode(option.text, "span"), option.description ? textNode(option.description, "small") : null];
  return { option, box, node: el("label.choice", {}, box, el("span", {}, words)) };
}
