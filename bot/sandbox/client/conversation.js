// The main pane: one conversation with its header, its tabs, its messages and its composer.

import { Composer } from "./composer.js";
import { ICONS, el, freshId, icon } from "./dom.js";
import { Home } from "./home.js";
import { MessageList } from "./messages.js";
import { mrkdwn } from "./mrkdwn.js";
import { post } from "./server.js";
import { signOf } from "./sidebar.js";
import { workspace } from "./workspace.js";

let notes = 0;

/** An open conversation. `deeds` are {reply, shortcut, moved}: thread, shortcuts, a change of tab. */
export class ConversationPane {
  constructor(conversation, tab, deeds) {
    Object.assign(this, { conversation, deeds });
    const app = workspace.appOf(conversation);
    this.home = app?.has_home ? new Home(app) : null;
    this.list = new MessageList({ conversation, empty: emptyWords(conversation), deeds });
    this.node = el("div.conversation");
    this.title = el("div.title", {}, signOf(conversation), el("h1", { dir: "auto", tabindex: "-1" }, workspace.nameOf(conversation)), this.#topic());
    this.foot = this.#foot();
    this.messages = el("div.panel", {}, this.list.node, this.foot);
    if (this.home) this.node.append(this.#tabs());
    this.node.append(this.messages);
    if (this.home) this.node.append(this.home.node);
    this.show(this.home ? tab ?? (conversation.unread ? "messages" : "home") : "messages");
  }

  /** Read everything anew, for the first time or after a break. */
  async load() {
    await Promise.all([this.list.load(), this.tab === "home" ? this.home.load() : null]);
  }

  /** Turn to a tab: "home" or "messages". */
  show(tab) {
    this.tab = tab;
    this.messages.hidden = tab !== "messages";
    if (!this.home) return;
    this.home.node.hidden = tab !== "home";
    for (const one of this.tabs) {
      const chosen = one.dataset.tab === tab;
      one.setAttribute("aria-selected", String(chosen));
      one.tabIndex = chosen ? 0 : -1;
    }
  }

  /** Show words that only the reader sees, as Slackbot's. */
  note(words) {
    notes += 1;
    const now = (Date.now() / 1000).toFixed(6);
    this.list.put({ ts: `${now}${notes}`, username: "Slackbot", text: words.replace(/&/g, "&amp;").replace(/</g, "&lt;"), ephemeral: true });
  }

  /** Go to where one writes; without that, to the tab one is in, or to the name. */
  focus() {
    if (this.tab === "messages" && this.composer) return this.composer.focus();
    (this.tabs?.find((one) => one.dataset.tab === this.tab) ?? this.title.querySelector("h1")).focus();
  }

  #topic() {
    const { topic } = this.conversation;
    return topic ? el("p.topic", { dir: "auto" }, mrkdwn(topic)) : null;
  }

  #foot() {
    const { conversation } = this;
    if (conversation.is_archived) return el("p.foot", {}, "This channel is archived. You can read it, but nobody can write here.");
    if (!conversation.is_member) return this.#invitation();
    this.composer = new Composer({ conversation, note: (words) => this.note(words), shortcut: (one) => this.deeds.shortcut(one) });
    return this.composer.node;
  }

  #invitation() {
    const join = () => post("members", { as: workspace.me.id, channel: this.conversation.id, user: workspace.me.id, action: "join" });
    const press = () => join().then(() => this.deeds.joined(), (error) => { words.textContent = error.message; });
    const words = el("span", {}, "You are not in this channel.");
    return el("p.foot", {}, words, el("button.button.primary", { type: "button", on: { click: press } }, "Join channel"));
  }

  #tabs() {
    const panels = { home: this.home.node, messages: this.messages };
    this.tabs = Object.entries(panels).map(([tab, panel]) => {
      const id = freshId("tab");
      panel.id = freshId("panel");
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", id);
      return el("button", { type: "button", role: "tab", id, "aria-controls": panel.id, data: { tab }, on: { click: () => this.#turn(tab) } }, tab === "home" ? "Home" : "Messages");
    });
    return el("div.tabs", { role: "tablist", "aria-label": "Parts of the app", on: { keydown: (event) => this.#tabKey(event) } }, this.tabs);
  }

  #turn(tab) {
    this.show(tab);
    this.deeds.moved(tab);
    this.load();
  }

  #tabKey(event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const other = this.tabs.find((one) => one.dataset.tab !== this.tab);
    this.#turn(other.dataset.tab);
    other.focus();
  }
}

// What the app is for, in the words of its manifest: whoever comes first reads it first.
function purpose() {
  const [app] = workspace.apps;
  return app?.description ? `${app.name}: ${app.description.replace(/[^.?!]$/, "$&.")} ` : "";
}

function emptyWords(conversation) {
  const name = workspace.nameOf(conversation);
  const [title, words] = {
    app: [`This is where you and ${name} talk`, `${purpose()}Write to it below. Type / to see what the app can do.`],
    dm: [`This is the start of your talk with ${name}`, "Write the first message below."],
  }[conversation.kind] ?? [`This is the start of #${name}`, `${purpose()}Type / to see what the app can do.`];
  return el("div.empty", {}, icon(conversation.kind === "app" ? ICONS.bolt : ICONS.reply), el("p.empty-title", { dir: "auto" }, title), el("p", {}, words));
}
