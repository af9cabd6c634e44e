// Elements one types into: text, e-mail, address, number; and the date and time pickers.

import { secondOf, wallOf } from "./clock.js";
import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { FileTray } from "./files.js";
import { wordsOf } from "./text.js";
import { workspace } from "./workspace.js";

const TYPING_MS = 350;

/** `work`, run once things have been quiet for `ms`. */
export function settled(work, ms = TYPING_MS) {
  let timer = null;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), ms);
  };
}

const KINDS = {
  email_text_input: { type: "email", autocomplete: "off", inputmode: "email" },
  url_text_input: { type: "url", autocomplete: "off", inputmode: "url" },
  number_input: { type: "text", autocomplete: "off", inputmode: "decimal" },
  plain_text_input: { type: "text", autocomplete: "off" },
};

export function textInput(element, block, surface, name) {
  const { type } = element;
  const field = surface.field(block, element, { type, value: element.initial_value ?? null });
  const tag = element.multiline ? "textarea" : "input";
  const shape = element.multiline ? { rows: "4" } : KINDS[type];
  const node = el(tag, { ...shape, ...name, dir: "auto", placeholder: wordsOf(element.placeholder), maxlength: element.max_length, value: field.value.value ?? "" });
  const counter = element.max_length ? counterOf(node, element.max_length) : null;
  const tellSoon = settled(() => field.tell());
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  node.addEventListener("input", () => {
    field.keep({ type, value: node.value || null });
    counter?.count();
    if (when.includes("on_character_entered")) tellSoon();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !field.dispatches || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    field.tell();
  });
  return el("div.typed", {}, node, counter?.node);
}

function counterOf(input, most) {
  const node = el("span.counter", { "aria-hidden": "true" });
  const count = () => { node.textContent = String(most - input.value.length); };
  count();
  return { node, count };
}

const PICKERS = {
  datepicker: { input: "date", key: "selected_date", initial: "initial_date", read: (words) => words, show: (value) => value },
  timepicker: { input: "time", key: "selected_time", initial: "initial_time", read: (words) => words, show: (value) => value },
  datetimepicker: { input: "datetime-local", key: "selected_date_time", initial: "initial_date_time", read: secondOf, show: wallOf },
};

/** The browser's own picker: it knows the reader's calendar, keyboard and screen reader best. */
export function picker(element, block, surface, name) {
  const { input, key, initial, read, show } = PICKERS[element.type];
  const held = (value) => ({ type: element.type, [key]: value });
  const field = surface.field(block, element, held(element[initial] ?? null));
  const shown = (value) => (value === null ? "" : show(value));
  const title = input === "datetime-local" ? `In your time zone, ${workspace.me.tz}` : wordsOf(element.placeholder) || null;
  const node = el("input", { type: input, ...name, title, value: shown(field.value[key]), max: input === "time" ? null : input === "date" ? "9999-12-31" : "9999-12-31T23:59" });
  const tellSoon = settled(() => field.tell());
  const change = async () => {
    if (/^0/.test(node.value) && input !== "time") return; // a year half typed
    const value = node.value ? read(node.value) : null;
    if (value === field.value[key]) return;
    if (!(await confirmed(element.confirm))) {
      node.value = shown(field.value[key]);
      return;
    }
    // Kept at once: who sends the form in the next moment sends this too.
    field.keep(held(value));
    tellSoon();
  };
  node.addEventListener("change", element.confirm ? settled(change) : change);
  const zone = element.timezone && input === "time" ? el("small.zone", {}, element.timezone) : null;
  return el("div.typed.short", {}, node, zone);
}

const LARGEST = 10 * 1024 * 1024; // Slack's limit for a file in a form

/** A place to drop files on, with a button to choose them. */
export function fileInput(element, block, surface, { id, ...name }) {
  const field = surface.field(block, element, { type: "file_input", files: [] });
  const [most, endings] = [element.max_files ?? 10, element.filetypes ?? []];
  const tray = new FileTray({ most, endings, largest: LARGEST, files: field.value.files, changed: () => change(), leave: () => chooser.focus() });
  const change = () => {
    if (tray.uploading) field.keep({ type: "file_input", files: tray.files, uploading: true });
    else field.change({ type: "file_input", files: tray.files });
  };
  const labels = { "aria-labelledby": `${name["aria-labelledby"]} ${id}`, "aria-describedby": name["aria-describedby"] };
  const chooser = el("button.button", { type: "button", id, ...labels, on: { click: () => tray.choose() } }, most === 1 ? "Choose a file" : "Choose files");
  const limits = endings.length ? el("small", {}, endings.join(", ")) : null;
  const zone = el("div.drop", {}, el("p", {}, chooser, `or drop ${most === 1 ? "it" : "them"} here`, limits), tray.node);
  tray.watch(zone);
  return zone;
}
