// The stack of open modals: the top one is shown, those below keep what was typed.

import { clearError, controlAt, showBlocks, showErrors } from "./blocks.js";
import { whileBusy } from "./buttons.js";
import { ICONS, el, freshId, icon } from "./dom.js";
import { afterPress } from "./press.js";
import { ServerError, get, post } from "./server.js";
import { Surface } from "./surface.js";
import { wordsOf } from "./text.js";
import { forgetTyped, keepTyped, typedInto } from "./typed.js";
import { faultsOf } from "./validation.js";
import { workspace } from "./workspace.js";

const FIELD = /input$|select$|picker$|^checkboxes$|^radio_buttons$/;

/** The acting person's modals. */
export class Modals {
  #sheets = new Map();
  #opener = null;
  #current = null;
  #told = 0;

  constructor() {
    this.dialog = el("dialog.modal");
    this.dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.#top()?.close(); });
    document.body.append(this.dialog);
  }

  /** Show `stack` (bottom first). */
  update(stack) {
    this.#told += 1;
    const kept = new Set(stack.map((view) => view.id));
    for (const [id, sheet] of this.#sheets) if (!kept.has(id)) this.#remove(id, sheet);
    const sheets = stack.map((view) => this.#sheet(view));
    if (sheets.at(-1) !== this.#current) this.#current?.mark();
    sheets.forEach((sheet, place) => { sheet.node.hidden = place < sheets.length - 1; });
    if (!sheets.length) return this.#hide();
    this.#open(sheets.at(-1));
  }

  /** Show nothing for now: who comes back to these modals finds what was typed. */
  setAside() {
    this.#told += 1;
    for (const sheet of this.#sheets.values()) sheet.node.remove();
    this.#sheets.clear();
    this.#hide();
  }

  /** Ask the stand-in what is open: after a submission, and after a break of the connection. */
  async refresh() {
    const before = this.#told;
    const { stack } = await get("views", { as: workspace.me.id });
    // What was told meanwhile is newer than this answer.
    afterPress(() => { if (before === this.#told) this.update(stack); });
  }

  #top() {
    return [...this.#sheets.values()].find((sheet) => !sheet.node.hidden);
  }

  #sheet(view) {
    const known = this.#sheets.get(view.id);
    if (known) {
      known.show(view);
      return known;
    }
    const sheet = new Sheet(view, { refresh: () => this.refresh(), leave: (clear) => this.#leave(view.id, clear) });
    this.#sheets.set(view.id, sheet);
    this.dialog.append(sheet.node);
    return sheet;
  }

  // A closed modal is gone at once, however long the app takes to hear of it.
  #leave(id, clear) {
    const ids = [...this.#sheets.keys()];
    const kept = clear ? [] : ids.slice(0, ids.indexOf(id));
    this.update(kept.map((one) => this.#sheets.get(one).view));
  }

  #remove(id, sheet) {
    sheet.node.remove();
    this.#sheets.delete(id);
    forgetTyped(id);
  }

  #open(sheet) {
    this.dialog.setAttribute("aria-labelledby", sheet.titleId);
    if (!this.dialog.open) {
      this.#opener = document.activeElement;
      this.dialog.showModal();
    }
    if (sheet !== this.#current || !sheet.node.contains(document.activeElement)) sheet.focus();
    this.#current = sheet;
  }

  #hide() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.#current = null;
    // After a reload nothing here opened it.
    if (this.#opener.isConnected && this.#opener !== document.body) this.#opener.focus();
    else document.querySelector("main .composer textarea")?.focus();
  }
}

/** One modal of the stack. */
class Sheet {
  constructor(view, { refresh, leave }) {
    Object.assign(this, { refresh, leave });
    this.titleId = freshId("title");
    this.title = el("h2", { id: this.titleId, dir: "auto" });
    this.trouble = el("p.trouble", { role: "alert", hidden: true });
    this.blocks = el("div.blocks");
    this.cross = el("button.quiet.square", { type: "button", "aria-label": "Close", on: { click: () => this.close(true) } }, icon(ICONS.close));
    this.closer = el("button.button", { type: "button", on: { click: () => this.close() } });
    this.submitter = el("button.button.primary", { type: "submit" });
    this.node = el("form.sheet", { novalidate: true, on: { submit: (event) => { event.preventDefault(); afterPress(() => this.submit()); } } },
      el("header", {}, this.title, this.cross),
      el("div.body", {}, this.trouble, this.blocks),
      el("footer", {}, this.closer, this.submitter));
    this.surface = new Surface({ view_id: view.id }, (words) => this.complain(words), {
      changed: (block) => this.#changed(block),
      values: typedInto(view.id),
    });
    this.show(view);
  }

  show(view) {
    if (this.view?.hash && this.view.hash === view.hash) return;
    this.view = view;
    this.title.textContent = wordsOf(view.title);
    this.closer.textContent = wordsOf(view.close) || "Cancel";
    this.submitter.textContent = wordsOf(view.submit);
    this.submitter.hidden = !view.submit;
    showBlocks(this.blocks, view.blocks, this.surface);
  }

  /** Remember where one was, for when another modal has come and gone on top of this one. */
  mark() {
    this.left = this.node.contains(document.activeElement) ? document.activeElement : null;
  }

  /** Focus where one was, or what asks for it, else the first input, else the way out. */
  focus() {
    if (this.left?.isConnected) return this.left.focus();
    const asks = (block, test) => [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])].some((one) => one && test(one));
    const { blocks } = this.view;
    const block = blocks.find((one) => asks(one, ({ focus_on_load: wanted }) => wanted)) ?? blocks.find((one) => asks(one, ({ type }) => FIELD.test(type)));
    const control = block && controlAt(this.blocks, block.block_id);
    (control ?? (this.view.submit ? this.submitter : this.closer)).focus();
  }

  #changed(block) {
    afterPress(() => clearError(this.blocks, block));
    keepTyped(this.view.id, this.surface.values);
  }

  complain(words) {
    this.trouble.hidden = !words;
    this.trouble.textContent = words;
    if (words) this.trouble.scrollIntoView({ block: "nearest" });
  }

  async submit() {
    this.complain("");
    const { state } = this.surface;
    const faults = faultsOf(this.view.blocks, state);
    showErrors(this.blocks, faults);
    if (Object.keys(faults).length || this.submitter.hidden) return;
    await whileBusy(this.submitter, () => this.#send("submit", { state }));
  }

  /** Close this modal, or with `clear` the whole stack. */
  async close(clear = false) {
    this.leave(clear);
    await this.#send("close", { clear });
  }

  async #send(verb, body) {
    try {
      const answer = await post(`views/${this.view.id}/${verb}`, { as: workspace.me.id, ...body });
      if (answer.ok === false) this.#refused(answer);
      else await this.refresh();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.complain(error.message);
    }
  }

  #refused({ errors, message }) {
    if (!errors) return this.complain(message ?? "We had trouble connecting. What you typed is kept: try again.");
    const homeless = Object.values(showErrors(this.blocks, errors));
    if (homeless.length) this.complain(homeless.join(" "));
  }
}
