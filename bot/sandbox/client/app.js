// The page: puts the parts together and keeps them up to date.

import { moveTo, whereabouts } from "./address.js";
import { ConversationPane } from "./conversation.js";
import { ICONS, el, icon } from "./dom.js";
import { Inspector } from "./inspector.js";
import { Live } from "./live.js";
import { link } from "./mention.js";
import { Modals } from "./modal.js";
import { afterPress } from "./press.js";
import { ServerError, post } from "./server.js";
import { Sidebar } from "./sidebar.js";
import { ThreadPane } from "./thread.js";
import { workspace } from "./workspace.js";

class Page {
  pane = null;
  thread = null;
  #turn = 0;

  constructor() {
    this.sidebar = new Sidebar({ go: (id) => this.go(id), actAs: (id) => this.actAs(id) });
    this.inspector = new Inspector(() => this.inspect(false));
    this.modals = new Modals();
    this.heading = el("div.heading");
    this.links = el("div.links");
    this.inspecting = el("button.quiet.toggle", { type: "button", "aria-label": "Inspector", "aria-pressed": "false", on: { click: () => this.inspect(this.inspector.node.hidden) } }, icon(ICONS.pulse), el("span", {}, "Inspector"));
    this.menu = el("button.quiet.square.menu-button", { type: "button", "aria-label": "Conversations", "aria-controls": "sidebar", "aria-expanded": "false", on: { click: () => this.#showSidebar(true) } }, icon(ICONS.menu));
    this.status = el("p.status-line", { role: "status", hidden: true });
    this.body = el("div.body");
    this.main = el("main", { id: "main" }, el("header.top", {}, this.menu, this.heading, this.links, this.inspecting), this.status, this.body);
    this.veil = el("div.veil", { on: { click: () => this.#leaveSidebar() } });
    this.live = new Live({ hear: (event) => afterPress(() => this.#hear(event)), back: () => this.#back(), lost: () => this.#say("The connection was lost. Trying again…") });
    document.querySelector("#page").replaceChildren(this.sidebar.node, this.veil, this.main, this.inspector.node);
    this.#listen();
  }

  /** Begin at the place in the address. */
  async start() {
    const { as, channel, tab } = whereabouts();
    await this.#enter(as);
    await this.#settle(channel, tab);
    // Who comes to write can begin; a finger would only be given a keyboard that it did not ask for.
    if (document.activeElement === document.body && matchMedia("(pointer: fine)").matches) this.pane?.focus();
  }

  async #settle(channel, tab) {
    // First the ear, then the reading: an app may answer an opened Home before the stream is there.
    await this.live.listen(workspace.me.id, !this.inspector.node.hidden);
    await Promise.all([this.open(channel, tab), this.modals.refresh(), this.sidebar.countFaults()]);
    document.documentElement.dataset.ready = "yes";
  }

  // An old link may name somebody who is not here: then one is the first member.
  async #enter(person) {
    try {
      await workspace.load(person);
    } catch (error) {
      if (error.code !== "user_not_found" || !person) throw error;
      await workspace.load(null);
    }
  }

  /** Become somebody else, in the same conversation if they are in it too. */
  async actAs(person) {
    const before = this.pane?.conversation;
    delete document.documentElement.dataset.ready;
    this.live.stop();
    this.modals.setAside();
    await this.#trying(() => workspace.load(person));
    await this.#settle(before && workspace.counterpart(before)?.id, null);
  }

  /** Go to a conversation as a step of its own. */
  async go(channel) {
    this.#showSidebar(false);
    await this.open(channel, null);
    this.pane.focus();
  }

  /** Show a conversation; without one, or one this person does not see, their first. */
  async open(channel, tab) {
    const conversation = workspace.conversation(channel) ?? workspace.conversations.find((one) => one.is_member && !one.is_archived) ?? workspace.conversations[0];
    this.closeThread();
    if (!conversation) return this.#nowhere();
    this.pane = new ConversationPane(conversation, tab, {
      reply: (message) => this.openThread(message),
      shortcut: (one, message) => this.#shortcut(one, message),
      moved: (name) => this.#moved(name),
      joined: () => this.#reload(),
    });
    this.#moved(tab);
    this.heading.replaceChildren(this.pane.title);
    this.body.replaceChildren(this.pane.node);
    this.#draw();
    await this.pane.load();
  }

  async openThread(message) {
    const opener = document.activeElement;
    this.closeThread();
    this.thread = new ThreadPane(this.pane.conversation, message.thread_ts ?? message.ts, {
      leave: () => { this.closeThread(); if (!refocus(opener)) this.pane.list.focusOn(message.ts) || this.pane.focus(); },
      shortcut: (one, of) => this.#shortcut(one, of),
      note: (words) => this.pane.note(words),
    });
    this.body.append(this.thread.node);
    await this.thread.load();
  }

  closeThread() {
    this.thread?.node.remove();
    this.thread = null;
  }

  async inspect(shown) {
    this.inspector.node.hidden = !shown;
    this.inspecting.setAttribute("aria-pressed", String(shown));
    this.live.listen(workspace.me.id, shown);
    if (!shown) return this.inspecting.focus();
    this.inspector.focus();
    await this.inspector.load();
  }

  #draw() {
    const { conversation } = this.pane;
    this.sidebar.show(conversation.id);
    this.links.replaceChildren(...workspace.links.map(({ label, url }) => link(url, label)));
    const unread = workspace.conversations.reduce((sum, one) => sum + (one.id === conversation.id ? 0 : one.unread), 0);
    document.title = `${unread ? `(${unread}) ` : ""}${workspace.nameOf(conversation)} · ${workspace.team.name}`;
  }

  #nowhere() {
    this.pane = null;
    this.sidebar.show(null);
    this.heading.replaceChildren(el("h1", {}, "Nothing here yet"));
    this.body.replaceChildren(el("div.empty", {}, el("p.empty-title", {}, "This person is in no conversation"), el("p", {}, "Act as somebody else, or add them to a channel.")));
  }

  #moved(tab) {
    moveTo({ as: workspace.me.id, channel: this.pane.conversation.id, tab });
  }

  async #shortcut({ callback_id: id }, message) {
    const place = message ? { channel: this.pane.conversation.id, ts: message.ts } : {};
    try {
      const answer = await post("shortcuts", { as: workspace.me.id, callback_id: id, ...place });
      if (answer.ok === false) this.pane.note(answer.message ?? "The app did not answer. Try again.");
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.pane.note(error.message);
    }
  }

  async #trying(work) {
    try {
      await work();
      this.#say("");
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#say(error.message);
    }
  }

  #hear(event) {
    const heard = {
      message: () => this.#put(event),
      ephemeral: () => this.#put(event),
      message_changed: () => this.#put(event),
      message_deleted: () => this.#drop(event),
      ephemeral_removed: () => this.#drop(event),
      views: () => this.modals.update(event.stack),
      home: () => this.pane?.home?.app.id === event.app && this.pane.home.show(event.view),
      workspace: () => this.#reload(),
      unread: () => this.#unread(event),
      request: () => this.inspector.put(event.request),
      faults: () => this.sidebar.countFaults(),
    };
    heard[event.type]?.();
  }

  #lists(channel) {
    if (this.pane?.conversation.id !== channel) return [];
    return [this.pane.list, this.thread?.list].filter(Boolean);
  }

  #put({ channel, message, type }) {
    for (const list of this.#lists(channel)) if (list.holds(message)) list.put({ ...message, ephemeral: message.ephemeral ?? type === "ephemeral" });
  }

  #drop({ channel, ts }) {
    for (const list of this.#lists(channel)) list.drop(ts);
  }

  #unread({ channel, unread }) {
    const conversation = workspace.conversation(channel);
    if (!conversation) return this.#reload();
    conversation.unread = unread;
    if (this.pane) this.#draw();
  }

  /** The workspace changed: people, channels, membership. */
  async #reload() {
    this.#turn += 1;
    const mine = this.#turn;
    await workspace.load(workspace.me.id);
    if (mine !== this.#turn || !this.pane) return;
    const [before, now] = [this.pane.conversation, workspace.conversation(this.pane.conversation.id)];
    const changed = before.is_member !== now?.is_member || before.is_archived !== now?.is_archived;
    if (changed) await this.open(before.id, this.pane.tab);
    else this.#draw();
  }

  async #back() {
    this.#say("");
    await this.#reload();
    await Promise.all([this.pane?.load(), this.thread?.load(), this.modals.refresh(), this.sidebar.countFaults()]);
    if (!this.inspector.node.hidden) await this.inspector.load();
  }

  #say(words) {
    this.status.hidden = !words;
    this.status.textContent = words;
  }

  #showSidebar(shown) {
    document.documentElement.classList.toggle("sidebar-open", shown);
    this.menu.setAttribute("aria-expanded", String(shown));
    this.main.inert = shown;
    if (shown) this.sidebar.focus();
  }

  #leaveSidebar() {
    this.#showSidebar(false);
    this.menu.focus();
  }

  #listen() {
    addEventListener("popstate", () => this.#revisit());
    // A window that becomes wide has room for the sidebar beside the rest.
    matchMedia("(max-width: 760px)").addEventListener("change", () => this.#showSidebar(false));
    document.addEventListener("click", (event) => {
      const mention = event.target.closest?.("a.mention[data-channel]");
      if (!mention || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.go(mention.dataset.channel);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && document.documentElement.classList.contains("sidebar-open")) this.#leaveSidebar();
    });
  }

  async #revisit() {
    const { as, channel, tab } = whereabouts();
    if (as !== workspace.me.id) await this.start();
    else await this.open(channel, tab);
  }
}

function refocus(node) {
  if (node?.isConnected) node.focus();
  return document.activeElement === node;
}

function failed(error) {
  const words = error instanceof ServerError ? error.message : "The page could not start. Reload it to try again.";
  document.querySelector("#page").replaceChildren(el("div.empty", { role: "alert" }, el("p.empty-title", {}, "The sandbox cannot be shown"), el("p", {}, words)));
  if (!(error instanceof ServerError)) throw error;
}

new Page().start().catch(failed);
