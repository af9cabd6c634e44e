// The list of messages of a conversation or of one thread.

import { dayName, dayOf, instant } from "./clock.js";
import { ICONS, arrange, el, icon } from "./dom.js";
import { MessageView, authorOf } from "./message.js";
import { get, post } from "./server.js";
import { workspace } from "./workspace.js";

const NEAR_END = 60; // pixels: this close to the end counts as reading along
const TOGETHER = 300; // seconds within which one author's messages stand as one

/** The messages of `conversation`, or with `thread` of that thread. */
export class MessageList {
  #messages = new Map();
  #views = new Map();
  #dividers = new Map();
  #stuck = true;
  #firstNew = null;

  constructor({ conversation, thread = null, empty, deeds }) {
    Object.assign(this, { conversation, thread, empty, deeds });
    this.earlier = el("button.earlier", { type: "button", hidden: true, on: { click: () => this.#loadEarlier() } }, "Show earlier messages");
    this.log = el("div.log", { role: "log", "aria-label": thread ? "Thread" : "Messages", "aria-busy": "true" });
    this.newest = el("button.newest", { type: "button", hidden: true, on: { click: () => this.#toEnd() } }, icon(ICONS.down), "New messages");
    this.scroller = el("div.scroller", { tabindex: "0", role: "region", "aria-label": thread ? "Thread, scrollable" : "Messages, scrollable" }, this.earlier, this.log);
    this.node = el("div.messages", {}, this.scroller, this.newest);
    this.scroller.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#stuck && this.#toEnd()).observe(this.log);
    new ResizeObserver(() => this.#stuck && this.#toEnd()).observe(this.scroller);
  }

  /** Read the newest messages; what is shown already stays where it is. */
  async load() {
    const { messages, has_more: more } = await this.#page(null);
    for (const message of messages) this.#messages.set(message.ts, message);
    if (this.#firstNew === null) this.#firstNew = this.#findNew(messages);
    this.earlier.hidden = !more;
    this.#draw();
    this.log.setAttribute("aria-busy", "false");
    this.#read();
  }

  /** Whether a message belongs into this list. */
  holds(message) {
    const parent = message.thread_ts ?? message.ts;
    if (this.thread) return parent === this.thread;
    return parent === message.ts || message.subtype === "thread_broadcast";
  }

  put(message) {
    const known = this.#messages.has(message.ts);
    this.#messages.set(message.ts, message);
    this.#draw();
    if (known) return;
    if (message.user === workspace.me.id && !message.ephemeral) this.#toEnd();
    this.newest.hidden = this.#stuck;
    this.#read();
  }

  drop(ts) {
    this.#messages.delete(ts);
    this.#draw();
  }

  /** Go to what one can do with a message; false where it is not here. */
  focusOn(ts) {
    const control = this.#views.get(ts)?.node.querySelector(".thread-link, .tools button");
    control?.focus();
    return Boolean(control);
  }

  #page(before) {
    return get(`conversations/${this.conversation.id}/messages`, { as: workspace.me.id, before, thread_ts: this.thread });
  }

  async #loadEarlier() {
    const first = [...this.#messages.keys()].sort()[0];
    const { messages, has_more: more } = await this.#page(first);
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    for (const message of messages) this.#messages.set(message.ts, message);
    this.earlier.hidden = !more;
    this.#draw();
    this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
  }

  #findNew(messages) {
    const unread = this.thread ? 0 : this.conversation.unread;
    const others = messages.filter((message) => message.user !== workspace.me.id && !message.ephemeral);
    return unread ? others.at(-unread)?.ts ?? others[0]?.ts ?? "" : "";
  }

  #draw() {
    const ordered = [...this.#messages.values()].sort((one, two) => (one.ts < two.ts ? -1 : 1));
    for (const ts of this.#views.keys()) if (!this.#messages.has(ts)) this.#views.delete(ts);
    const nodes = [];
    let before = null;
    for (const message of ordered) {
      const day = dayOf(instant(message.ts));
      const newDay = !before || dayOf(instant(before.ts)) !== day;
      if (newDay) nodes.push(this.#divider(day, dayName(instant(message.ts)), "day"));
      if (message.ts === this.#firstNew) nodes.push(this.#divider("new", "New", "fresh"));
      const view = this.#view(message);
      view.node.classList.toggle("follows", !newDay && message.ts !== this.#firstNew && follows(before, message));
      nodes.push(view.node);
      before = message;
    }
    arrange(this.log, nodes.length ? nodes : [this.empty]);
    if (this.#stuck) this.#toEnd();
  }

  #view(message) {
    const known = this.#views.get(message.ts);
    if (known) {
      known.show(message);
      return known;
    }
    const dismiss = (one) => this.drop(one.ts);
    const view = new MessageView(message, this.conversation.id, { ...this.deeds, dismiss });
    this.#views.set(message.ts, view);
    return view;
  }

  #divider(key, words, kind) {
    const node = this.#dividers.get(key) ?? el(`div.divider.${kind}`, { role: "separator", "aria-label": words }, el("span", {}, words));
    this.#dividers.set(key, node);
    return node;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (!this.#stuck) return;
    this.newest.hidden = true;
    this.#read();
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#stuck = true;
    this.newest.hidden = true;
  }

  /** Tell the stand-in what has been read, once it is on the screen. */
  #read() {
    const last = [...this.#messages.values()].filter((message) => !message.ephemeral).map(({ ts }) => ts).sort().at(-1);
    const { conversation } = this;
    if (this.thread || !last || !conversation.is_member || !this.#stuck || document.hidden || last === this.lastRead) return;
    this.lastRead = last;
    const read = () => { (workspace.conversation(conversation.id) ?? conversation).unread = 0; };
    post(`conversations/${conversation.id}/read`, { as: workspace.me.id, ts: last }).then(read, () => { this.lastRead = null; });
  }
}

function follows(before, message) {
  const [one, two] = [authorOf(before), authorOf(message)];
  return one.name === two.name && one.user === two.user && Boolean(before.ephemeral) === Boolean(message.ephemeral)
    && Number(message.ts) - Number(before.ts) < TOGETHER;
}
