// The list under a combobox. Pattern: www.w3.org/WAI/ARIA/apg/patterns/combobox.

import { el, freshId } from "./dom.js";
import { hide, isShown, popup, showBeside } from "./popup.js";

/** A listbox driven from `input`, which keeps the focus; `pick(item)` gets what was chosen. */
export class Listbox {
  #items = [];
  #active = -1;

  /** `draw(item)` gives an option's content; the list floats beside `anchor`, or with none stands where it is put. */
  constructor({ input, anchor = input, label, draw, pick, many = false }) {
    Object.assign(this, { input, anchor, draw, pick });
    const shape = { role: "listbox", id: freshId("list"), "aria-label": label, "aria-multiselectable": many || null };
    this.node = anchor ? popup("div.list", shape) : el("div.list", shape);
    this.node.addEventListener("pointerdown", (event) => event.preventDefault());
    // Of several lines there is no combobox: there the text box says by itself which option it is at.
    this.combobox = input.tagName === "INPUT";
    if (this.combobox) input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    this.#expand(false);
    input.setAttribute("aria-controls", this.node.id);
    input.setAttribute("autocomplete", "off");
  }

  get shown() {
    return !this.anchor || isShown(this.node);
  }

  get active() {
    return this.#items[this.#active]?.item ?? null;
  }

  /** Show `groups` of {label, options}; `isChosen(item)` marks what is selected already. */
  show(groups, { isChosen = () => false, start = 0 } = {}) {
    this.#items = [];
    this.node.replaceChildren(...groups.filter((group) => group.options.length).map((group) => this.#group(group, isChosen)));
    this.#open();
    const chosen = this.#items.findIndex(({ item }) => isChosen(item));
    this.#activate(this.#items.length ? Math.max(start, chosen) : -1);
  }

  /** Show a sentence in place of options. */
  say(words) {
    this.#items = [];
    this.#active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.node.replaceChildren(el("div.hint", { role: "option", "aria-disabled": "true" }, words));
    this.#open();
  }

  close() {
    if (this.anchor) hide(this.node);
    this.#active = -1;
    this.#expand(false);
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Handle a key while shown: true when it was one of the list's. */
  key(event) {
    const last = this.#items.length - 1;
    const moves = {
      ArrowDown: () => (this.#active >= last ? 0 : this.#active + 1),
      ArrowUp: () => (this.#active <= 0 ? last : this.#active - 1),
      PageDown: () => Math.min(last, this.#active + 8),
      PageUp: () => Math.max(0, this.#active - 8),
    };
    if (!this.shown || last < 0 || !(event.key in moves)) return false;
    event.preventDefault();
    this.#activate(moves[event.key]());
    return true;
  }

  #open() {
    if (this.anchor) showBeside(this.node, this.anchor, { match: true });
    this.#expand(true);
  }

  #expand(shown) {
    if (this.combobox) this.input.setAttribute("aria-expanded", String(shown));
  }

  #group({ label, options }, isChosen) {
    const nodes = options.map((item) => this.#option(item, isChosen(item)));
    if (!label) return el("div", { role: "presentation" }, nodes);
    return el("div", { role: "group", "aria-label": label }, el("div.group", { "aria-hidden": "true" }, label), nodes);
  }

  #option(item, chosen) {
    const place = this.#items.length;
    const listeners = { click: () => this.pick(item), pointermove: () => this.#activate(place, false) };
    const node = el("div.option", { role: "option", id: `${this.node.id}-${place}`, "aria-selected": String(chosen), on: listeners }, this.draw(item));
    this.#items.push({ item, node });
    return node;
  }

  #activate(place, scroll = true) {
    if (place === this.#active && this.#items[place]?.node.classList.contains("active")) return;
    this.#items[this.#active]?.node.classList.remove("active");
    this.#active = place;
    const now = this.#items[place]?.node;
    if (!now) return this.input.removeAttribute("aria-activedescendant");
    now.classList.add("active");
    this.input.setAttribute("aria-activedescendant", now.id);
    if (scroll) now.scrollIntoView({ block: "nearest" });
  }
}
