// Select menus of every kind: one combobox that filters, asks the app, and takes one or many.

import { confirmed } from "./confirm.js";
import { ICONS, el, icon } from "./dom.js";
import { settled } from "./inputs.js";
import { Listbox } from "./listbox.js";
import { Source, optionNode } from "./option.js";
import { wordsOf } from "./text.js";

const ASKING_MS = 250;
const SHORTEST = 3; // Slack's min_query_length when an external select names none

export function select(element, block, surface, name) {
  return new Select(element, block, surface, name).node;
}

class Select {
  #asked = 0;

  constructor(element, block, surface, name) {
    this.element = element;
    this.source = new Source(element);
    this.field = surface.field(block, element, this.source.initial);
    this.clears = block.type === "input";
    this.input = el("input", { type: "text", spellcheck: "false", ...name });
    this.node = el("div.select", { class: `select${this.source.many ? " many" : ""}` }, this.input, el("span.chevron", { "aria-hidden": "true" }, icon(ICONS.down)));
    this.list = new Listbox({
      input: this.input,
      anchor: this.node,
      label: wordsOf(element.placeholder) || "Options",
      draw: optionNode,
      pick: (option) => this.#pick(option),
      many: this.source.many,
    });
    this.node.append(this.list.node);
    this.ask = settled((typed) => this.#ask(typed), ASKING_MS);
    this.#listen();
    this.#showChosen();
  }

  get chosen() {
    return this.source.chosen(this.field.value);
  }

  #listen() {
    const { input } = this;
    input.addEventListener("input", () => this.#look(input.value));
    input.addEventListener("click", () => this.list.shown || this.#open());
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#leave());
    this.node.addEventListener("pointerdown", (event) => {
      if (event.target === input || event.target.closest("button, .popup")) return;
      event.preventDefault();
      input.focus();
      this.list.shown ? this.list.close() : this.#open();
    });
  }

  #open() {
    this.#look(this.source.many ? this.input.value : "");
  }

  #look(typed) {
    this.#asked += 1;
    if (!this.source.external) return this.#show(this.source.filtered(typed.trim()));
    const missing = (this.element.min_query_length ?? SHORTEST) - typed.trim().length;
    if (missing > 0) return this.list.say(`Type ${missing} more ${missing === 1 ? "letter" : "letters"} to search`);
    this.list.say("Looking…");
    this.ask(typed.trim());
  }

  async #ask(typed) {
    this.#asked += 1;
    const mine = this.#asked;
    const show = (work) => mine === this.#asked && document.activeElement === this.input && work();
    try {
      const groups = await this.field.options(typed);
      show(() => this.#show(groups.map(({ label, options }) => ({ label: label && wordsOf(label), options }))));
    } catch (error) {
      show(() => this.list.say(error.message));
    }
  }

  #show(groups) {
    if (!groups.some((group) => group.options.length)) return this.list.say("No matches");
    const held = new Set(this.chosen.map((option) => option.value));
    this.list.show(groups, { isChosen: (option) => held.has(option.value) });
  }

  #key(event) {
    if (event.isComposing || this.list.key(event)) return;
    const shown = this.list.shown;
    if (event.key === "Enter") {
      event.preventDefault();
      if (shown && this.list.active) this.#pick(this.list.active);
      else if (!shown) this.#open();
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      this.list.close();
    } else if (event.key.startsWith("Arrow") && !shown && event.key !== "ArrowLeft" && event.key !== "ArrowRight") {
      event.preventDefault();
      this.#open();
    } else if (event.key === "Backspace" && this.source.many && !this.input.value && this.chosen.length) {
      this.#take(this.chosen.slice(0, -1));
    }
  }

  #pick(option) {
    if (!this.source.many) {
      this.list.close();
      this.#take([option]);
      return;
    }
    const without = this.chosen.filter((one) => one.value !== option.value);
    const dropped = without.length < this.chosen.length;
    const most = this.element.max_selected_items ?? Infinity;
    if (!dropped && without.length >= most) return this.list.say(`At most ${most} can be chosen`);
    this.input.value = "";
    this.#take(dropped ? without : [...without, option]);
    this.#look("");
  }

  async #take(options) {
    const before = this.field.value;
    if (!(await confirmed(this.element.confirm))) {
      this.field.keep(before);
      return this.#showChosen();
    }
    const done = this.field.change(this.source.value(options));
    this.#showChosen();
    await done;
  }

  #leave() {
    this.#asked += 1;
    this.list.close();
    // Emptying the words is how one takes a choice back, where Slack allows none.
    if (!this.source.many && this.clears && !this.input.value && this.chosen.length) this.#take([]);
    else this.#showChosen();
  }

  #showChosen() {
    const { chosen, input, source } = this;
    const hint = wordsOf(this.element.placeholder) || (source.external ? "Type to search" : "Choose");
    if (!source.many) {
      input.value = chosen.length ? wordsOf(chosen[0].text) : "";
      input.placeholder = hint;
      return;
    }
    for (const old of this.node.querySelectorAll(".chip")) old.remove();
    input.placeholder = chosen.length ? "" : hint;
    input.before(...chosen.map((option) => this.#chip(option)));
    if (document.activeElement !== input) input.value = "";
  }

  #chip(option) {
    const words = wordsOf(option.text);
    const drop = () => {
      this.#take(this.chosen.filter((one) => one.value !== option.value));
      this.input.focus();
    };
    const remove = el("button", { type: "button", "aria-label": `Remove ${words}`, on: { click: drop } }, icon(ICONS.close));
    return el("span.chip", {}, el("span", { dir: "auto" }, words), remove);
  }
}
