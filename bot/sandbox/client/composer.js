// Where one writes messages and commands.

import { ICONS, el, freshId, icon } from "./dom.js";
import { CLIP, FileTray } from "./files.js";
import { Listbox } from "./listbox.js";
import { menuOf } from "./menu.js";
import { ServerError, post } from "./server.js";
import { draftIn, keepDraft } from "./typed.js";
import { workspace } from "./workspace.js";

/** A composer for `conversation` or its `thread`; `note(words)` shows a note only the writer sees. */
export class Composer {
  #pending = 0;

  constructor({ conversation, thread = null, note, shortcut }) {
    Object.assign(this, { conversation, thread, note, place: [workspace.me.id, conversation.id, thread].join(" ") });
    const label = thread ? "Reply…" : `Message ${conversation.kind === "channel" || conversation.kind === "private" ? "#" : ""}${workspace.nameOf(conversation)}`;
    const usageId = freshId("usage");
    this.area = el("textarea", { rows: "1", placeholder: label, "aria-label": label, dir: "auto", "aria-describedby": usageId });
    this.send = el("button.send", { type: "submit", "aria-label": "Send" }, icon(ICONS.send));
    this.usage = el("p.usage", { id: usageId, role: "status" });
    this.tray = new FileTray({ changed: () => this.#typed(), leave: () => this.focus() });
    const attach = el("button.quiet.square", { type: "button", "aria-label": "Attach files", on: { click: () => this.tray.choose() } }, icon(CLIP));
    this.box = el("div.box", {}, this.area, this.tray.node, el("div.tools", {}, attach, thread ? null : this.#shortcuts(shortcut), el("span.grow"), this.send));
    this.tray.watch(this.box);
    this.node = el("form.composer", { on: { submit: (event) => { event.preventDefault(); this.#submit(); } } }, this.box, this.usage);
    this.list = new Listbox({ input: this.area, anchor: this.box, label: "Commands", draw: commandNode, pick: (command) => this.#complete(command) });
    this.node.append(this.list.node);
    this.area.addEventListener("input", () => this.#typed());
    this.area.addEventListener("keydown", (event) => this.#key(event));
    this.area.addEventListener("blur", () => this.list.close());
    this.area.addEventListener("paste", (event) => this.#paste(event));
    this.area.value = draftIn(this.place);
    this.#typed();
  }

  focus() {
    this.area.focus();
  }

  #paste(event) {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (!pasted.length) return;
    event.preventDefault();
    this.tray.take(pasted);
  }

  #shortcuts(shortcut) {
    if (!workspace.shortcuts("global").length) return null;
    const opener = el("button.quiet", { type: "button" }, icon(ICONS.bolt), "Shortcuts");
    return menuOf(opener, () => workspace.shortcuts("global").map((one) => ({
      label: one.name, note: workspace.appNamed(one.app), pick: () => shortcut(one),
    })), { align: "start" });
  }

  #typed() {
    keepDraft(this.place, this.area.value);
    this.#fit();
    this.send.disabled = this.tray.uploading || !(this.area.value.trim() || this.tray.files.length);
    const [, name, rest] = /^(\/\S*)(\s?)/.exec(this.area.value) ?? [];
    const found = name && !rest ? workspace.commands.filter(({ command }) => command.startsWith(name.toLowerCase())) : [];
    if (found.length && document.activeElement === this.area) this.list.show([{ label: null, options: found }]);
    else this.list.close();
    this.#hint(rest ? workspace.commands.find(({ command }) => command === name) : null);
  }

  #fit() {
    this.area.style.height = "auto";
    if (this.area.value) this.area.style.height = `${Math.min(this.area.scrollHeight, 200)}px`;
  }

  #hint(command) {
    if (command) return this.usage.replaceChildren(el("code", {}, `${command.command} ${command.usage_hint ?? ""}`.trim()), ` ${command.description ?? ""}`);
    this.usage.textContent = this.area.value.trim() && !this.area.value.startsWith("/") ? "Shift + Enter adds a new line" : "";
  }

  #key(event) {
    if (event.isComposing || this.list.key(event)) return;
    const command = this.list.shown && this.list.active;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      // A command typed in full is sent, one half typed is completed.
      if (command && command.command !== this.area.value) this.#complete(command);
      else this.#submit();
    } else if (event.key === "Tab" && command && !event.shiftKey) {
      event.preventDefault();
      this.#complete(command);
    } else if (event.key === "Escape" && this.list.shown) {
      event.preventDefault();
      this.list.close();
    }
  }

  #complete({ command }) {
    this.area.value = `${command} `;
    this.area.focus();
    this.#typed();
  }

  async #submit() {
    const words = this.area.value.trim();
    if (this.send.disabled) return;
    if (isCommand(words) && this.tray.files.length) return this.note("Slack takes no files with a command. Send the files as a message of their own.");
    this.list.close();
    const files = this.tray.empty();
    this.#pend(words);
    try {
      const answer = await (isCommand(words) ? this.#command(words) : this.#say(words, files));
      if (answer.ok === false) this.note(answer.message);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.note(error.message);
      if (files.length) this.tray.restore(files);
      if (this.area.value) return;
      this.area.value = words;
      this.#typed();
    } finally {
      this.#pending -= 1;
      if (!this.#pending) this.#rest();
    }
  }

  #rest() {
    this.box.removeAttribute("aria-busy");
    if (!this.area.value) this.usage.textContent = "";
  }

  #pend(words) {
    this.#pending += 1;
    this.box.setAttribute("aria-busy", "true");
    this.area.value = "";
    this.#typed();
    if (isCommand(words)) this.usage.textContent = `Waiting for the answer to ${words.split(/\s/)[0]}…`;
  }

  #command(text) {
    if (this.thread) return { ok: false, message: "Slack takes no commands in threads. Try it in the channel." };
    return post("commands", { as: workspace.me.id, channel: this.conversation.id, text });
  }

  #say(text, files) {
    const ids = files.map(({ id }) => id);
    return post(`conversations/${this.conversation.id}/messages`, { as: workspace.me.id, text: asMarkup(text), thread_ts: this.thread, files: ids });
  }
}

// As Slack's composer does: what a person types is never markup by accident, names become mentions.
function asMarkup(words) {
  const escaped = words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return escaped.replace(/(^|\s)([@#])([\p{L}\p{N}._-]*[\p{L}\p{N}])/gu, (whole, before, sign, name) => {
    const among = sign === "@" ? workspace.users : workspace.conversations.filter(({ kind }) => kind === "channel");
    const id = among.find((one) => one.name === name)?.id;
    return id ? `${before}<${sign}${id}>` : whole;
  });
}

function isCommand(words) {
  return /^\/\S/.test(words);
}

function commandNode({ command, description, usage_hint: usage }) {
  return el("span.option-words", {}, el("span", {}, el("strong", {}, command), usage ? el("code", {}, usage) : null), description ? el("small", {}, description) : null);
}
