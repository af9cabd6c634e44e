// The left column: the workspace, who one is, and where one can go.

import { avatar } from "./avatar.js";
import { ICONS, el, icon } from "./dom.js";
import { get } from "./server.js";
import { Switcher } from "./switcher.js";
import { workspace } from "./workspace.js";

const SECTIONS = [
  ["Channels", (one) => isChannel(one) && one.is_member && !one.is_archived],
  ["Apps", (one) => one.kind === "app"],
  ["Direct messages", (one) => one.kind === "dm" || one.kind === "group_dm"],
  ["Channels you are not in", (one) => isChannel(one) && !one.is_member && !one.is_archived],
  ["Archived", (one) => isChannel(one) && one.is_archived],
];

function isChannel(one) {
  return one.kind === "channel" || one.kind === "private";
}

/** The sidebar; `go(conversation id)` and `actAs(user id)` are told of choices. */
export class Sidebar {
  constructor({ go, actAs }) {
    this.go = go;
    this.team = el("p.team", { dir: "auto" });
    this.switcher = new Switcher(actAs);
    this.places = el("nav", { "aria-label": "Conversations" });
    this.faults = el("a.place", { href: "/faults" });
    this.node = el("aside.sidebar", { id: "sidebar", "aria-label": "Workspace" },
      el("header", {}, this.team, el("p", {}, "Sandbox, on this machine only")), this.switcher.node, this.places,
      el("footer", {}, this.faults, el("a.place", { href: "/trust" }, icon(ICONS.eye), el("span.name", {}, "How far to trust this"))));
  }

  /** Go to where one is, else to who one is. */
  focus() {
    (this.places.querySelector("[aria-current]") ?? this.switcher.opener).focus();
  }

  /** Draw everything anew, with `here` marked as the open conversation. */
  show(here) {
    this.team.textContent = workspace.team.name;
    this.switcher.show();
    const focused = this.places.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    this.places.replaceChildren(...SECTIONS.map(([title, belongs]) => this.#section(title, workspace.conversations.filter(belongs), here)).filter(Boolean));
    if (focused) this.places.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Say on the link to the faults how many are at work: whoever wonders why nothing works sees it. */
  async countFaults() {
    const { length } = (await get("faults")).active;
    this.faults.setAttribute("aria-label", length ? `Faults, ${length} at work` : "Faults");
    this.faults.replaceChildren(icon(ICONS.bolt), el("span.name", {}, "Faults"), ...(length ? [el("span.count", {}, String(length))] : []));
  }

  #section(title, conversations, here) {
    if (!conversations.length) return null;
    return el("section", {}, el("h2", {}, title), el("ul", {}, conversations.map((one) => el("li", {}, this.#place(one, here)))));
  }

  #place(one, here) {
    const name = workspace.nameOf(one);
    const unread = one.id !== here && one.unread > 0;
    const label = `${name}${one.kind === "private" ? ", private" : ""}${unread ? `, ${one.unread} unread` : ""}`;
    return el("button.place", {
      type: "button",
      class: `place${unread ? " unread" : ""}`,
      "aria-current": one.id === here ? "page" : null,
      "aria-label": label,
      data: { channel: one.id },
      on: { click: () => this.go(one.id) },
    }, signOf(one, name), el("span.name", { dir: "auto" }, name), unread ? el("span.count", {}, String(one.unread)) : null);
  }
}

/** The sign before a conversation's name: "#", a lock, or who it is with. */
export function signOf(conversation, name = workspace.nameOf(conversation)) {
  if (isChannel(conversation)) return icon(conversation.kind === "private" ? ICONS.lock : ICONS.hash);
  return avatar(workspace.user(conversation.with_user), name);
}
