// "Act as": who one is in the workspace.

import { avatar } from "./avatar.js";
import { ICONS, el, icon } from "./dom.js";
import { Listbox } from "./listbox.js";
import { matches } from "./option.js";
import { hide, isShown, onOutside, popup, showBeside } from "./popup.js";
import { nameOf, workspace } from "./workspace.js";

function standing(user) {
  const kind = user.is_stranger ? "from another company" : user.is_guest ? "guest" : "";
  return [user.title, kind].filter(Boolean).join(" · ");
}

function faceOf(user) {
  const note = standing(user);
  return [avatar(user), el("span.option-words", {}, el("span", { dir: "auto" }, nameOf(user)), note ? el("small", { dir: "auto" }, note) : null)];
}

/** The switcher; `actAs(user id)` is told who was chosen. */
export class Switcher {
  #watch = null;

  constructor(actAs) {
    this.actAs = actAs;
    this.opener = el("button.me", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", on: { click: () => this.#toggle() } });
    this.search = el("input", { type: "text", placeholder: "Act as…", "aria-label": "Act as: search people", spellcheck: "false" });
    this.panel = popup("div.switcher", { role: "dialog", "aria-label": "Act as another person" }, el("div.search", {}, icon(ICONS.search), this.search));
    this.list = new Listbox({ input: this.search, anchor: null, label: "People", draw: faceOf, pick: (user) => this.#pick(user) });
    this.node = el("div.switcher-holder", {}, this.opener, this.panel);
    this.panel.append(this.list.node);
    this.search.addEventListener("input", () => this.#look());
    this.search.addEventListener("keydown", (event) => this.#key(event));
  }

  show() {
    const { me } = workspace;
    this.opener.setAttribute("aria-label", `You are ${nameOf(me)}. Act as another person`);
    this.opener.replaceChildren(...faceOf(me), icon(ICONS.down));
  }

  #toggle() {
    if (isShown(this.panel)) return this.#close(true);
    showBeside(this.panel, this.opener, { match: true });
    this.opener.setAttribute("aria-expanded", "true");
    this.search.value = "";
    this.search.focus();
    this.#look();
    this.#watch = new AbortController();
    onOutside([this.node], () => this.#close(false), this.#watch.signal);
  }

  #look() {
    const found = workspace.people.filter((user) => matches(`${nameOf(user)} ${user.name} ${standing(user)}`, this.search.value.trim()));
    if (!found.length) return this.list.say("Nobody is called that");
    this.list.show([{ label: null, options: found }], { isChosen: (user) => user.id === workspace.me.id });
  }

  #key(event) {
    if (this.list.key(event)) return;
    if (event.key === "Enter" && this.list.active) {
      // Else the key would press the opener, which has the focus next.
      event.preventDefault();
      this.#pick(this.list.active);
    } else if (event.key === "Escape") this.#close(true);
    else if (event.key === "Tab") this.#close(false);
  }

  #pick(user) {
    this.#close(true);
    if (user.id !== workspace.me.id) this.actAs(user.id);
  }

  #close(refocus) {
    this.#watch?.abort();
    this.list.close();
    hide(this.panel);
    this.opener.setAttribute("aria-expanded", "false");
    if (refocus) this.opener.focus();
  }
}
