// One thread beside the conversation.

import { Composer } from "./composer.js";
import { ICONS, el, icon } from "./dom.js";
import { MessageList } from "./messages.js";
import { workspace } from "./workspace.js";

/** The drawer with the thread of `parent`. */
export class ThreadPane {
  constructor(conversation, parent, { leave, shortcut, note }) {
    this.conversation = conversation;
    const empty = el("p.quiet-words", {}, "No replies yet.");
    this.list = new MessageList({ conversation, thread: parent, empty, deeds: { shortcut } });
    this.composer = new Composer({ conversation, thread: parent, note });
    const close = el("button.quiet.square", { type: "button", "aria-label": "Close the thread", on: { click: leave } }, icon(ICONS.close));
    const writes = conversation.is_member && !conversation.is_archived;
    this.node = el("aside.drawer.thread", { "aria-label": "Thread", on: { keydown: (event) => event.key === "Escape" && !event.defaultPrevented && leave() } },
      el("header", {}, el("h2", {}, "Thread"), el("small", { dir: "auto" }, workspace.nameOf(conversation)), close),
      this.list.node, writes ? this.composer.node : null);
  }

  async load() {
    await this.list.load();
    this.composer.focus();
  }
}
