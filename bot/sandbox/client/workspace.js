// What the acting person may know of the workspace: people, conversations, apps, commands.

import { get } from "./server.js";

const EMPTY = { team: { name: "" }, me: null, users: [], conversations: [], apps: [], commands: [], shortcuts: [], links: [] };

class Workspace {
  #data = EMPTY;
  #asked = 0;

  /** Read the workspace as `person` sees it; without one, as its first member. The latest asked counts. */
  async load(person) {
    this.#asked += 1;
    const mine = this.#asked;
    const data = await get("workspace", { as: person });
    if (mine === this.#asked) this.#data = { ...EMPTY, ...data };
  }

  get team() { return this.#data.team; }
  get me() { return this.#data.me; }
  get users() { return this.#data.users; }
  get conversations() { return this.#data.conversations; }
  get commands() { return this.#data.commands; }
  get apps() { return this.#data.apps; }
  get links() { return this.#data.links; }

  /** The people one can act as. */
  get people() {
    return this.users.filter((user) => !user.is_bot && !user.deleted);
  }

  user(id) {
    return this.users.find((user) => user.id === id) ?? null;
  }

  conversation(id) {
    return this.conversations.find((one) => one.id === id) ?? null;
  }

  /** The acting person's own place for somebody else's `conversation`; null where they have none. */
  counterpart(conversation) {
    if (conversation.kind === "app") return this.conversations.find((one) => one.kind === "app" && one.with_user === conversation.with_user) ?? null;
    const same = this.conversation(conversation.id);
    return same?.is_member ? same : null;
  }

  /** The app behind an app conversation, by its bot's user. */
  appOf(conversation) {
    if (conversation.kind !== "app") return null;
    const bot = conversation.with_user;
    return this.#data.apps.find((app) => app.bot_user_id === bot || app.name === conversation.name) ?? null;
  }

  appNamed(id) {
    return this.#data.apps.find((app) => app.id === id)?.name ?? "";
  }

  shortcuts(type) {
    return this.#data.shortcuts.filter((shortcut) => shortcut.type === type);
  }

  /** The name people use for a conversation, without a "#". */
  nameOf(conversation) {
    const other = conversation.with_user && this.user(conversation.with_user);
    if (conversation.kind === "app") return this.appOf(conversation)?.name ?? conversation.name;
    return other ? nameOf(other) : conversation.name;
  }
}

/** How a person is called. */
export function nameOf(user) {
  return user?.real_name || user?.name || user?.id || "Someone";
}

export const workspace = new Workspace();
