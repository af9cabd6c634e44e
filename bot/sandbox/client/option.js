// Where a select menu's options come from, and how a choice is told to the app.

import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { wordsOf } from "./text.js";
import { nameOf, workspace } from "./workspace.js";

const plain = (value, text, more = {}) => ({ value, text: { type: "plain_text", text }, ...more });
const personOption = (user) => plain(user.id, nameOf(user), { user });
const placeOption = (one) => plain(one.id, `${one.with_user || one.kind === "app" ? "" : "#"}${workspace.nameOf(one)}`);

/** Lower case, without accents: what is compared when people type. */
export function folded(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether every word of `typed` is somewhere in `words`. */
export function matches(words, typed) {
  const inside = folded(words);
  return folded(typed).split(/\s+/).every((part) => inside.includes(part));
}

const KINDS = { im: ["dm", "app"], private: ["private"], public: ["channel"], mpim: [] };

function conversations(element) {
  const { include, exclude_bot_users: noBots, exclude_external_shared_channels: noShared } = element.filter ?? {};
  const kinds = include?.flatMap((name) => KINDS[name] ?? []);
  return workspace.conversations.filter((one) =>
    !one.is_archived && (!kinds || kinds.includes(one.kind)) && !(noBots && one.kind === "app") && !(noShared && one.is_shared));
}

function people(element) {
  return workspace.users.filter((user) => !user.deleted && !(user.is_bot && element.filter?.exclude_bot_users)).map(personOption);
}

// One row per kind of select: its options without asking the app, and the name of its value.
const SOURCES = {
  static: { key: "option", groups: staticGroups },
  external: { key: "option", groups: null },
  users: { key: "user", groups: (element) => one(people(element)), revive: (id) => personOption(workspace.user(id) ?? { id }) },
  conversations: { key: "conversation", groups: (element) => one(conversations(element).map(placeOption)), revive: revivePlace },
  channels: { key: "channel", groups: () => one(conversations({ filter: { include: ["public"] } }).map(placeOption)), revive: revivePlace },
};

function one(options) {
  return [{ label: null, options }];
}

function staticGroups(element) {
  if (!element.option_groups) return one(element.options ?? []);
  return element.option_groups.map((group) => ({ label: wordsOf(group.label), options: group.options }));
}

function revivePlace(id) {
  const found = workspace.conversation(id);
  return found ? placeOption(found) : plain(id, id);
}

/** How one kind of select menu gets its options and says what is chosen; `element.type` decides. */
export class Source {
  constructor(element) {
    const [, many, kind] = /^(multi_)?(\w+)_select$/.exec(element.type);
    const { key, groups, revive } = SOURCES[kind];
    const noun = many ? `${key}s` : key;
    Object.assign(this, { element, many: Boolean(many), external: groups === null, groups, revive, noun });
  }

  get initial() {
    const given = this.element[`initial_${this.noun}`];
    return { type: this.element.type, [`selected_${this.noun}`]: given ?? (this.many ? [] : null) };
  }

  /** The chosen options in a value of Slack's form; none where the block is gone meanwhile. */
  chosen(value) {
    const held = value?.[`selected_${this.noun}`];
    const list = this.many ? (held ?? []) : [held].filter(Boolean);
    return this.revive ? list.map(this.revive) : list;
  }

  /** Slack's form of the chosen `options`. */
  value(options) {
    const told = this.revive ? options.map((option) => option.value) : options;
    return { type: this.element.type, [`selected_${this.noun}`]: this.many ? told : told[0] ?? null };
  }

  /** The groups that match `typed`. */
  filtered(typed) {
    const fits = (option) => !typed || matches(`${wordsOf(option.text)} ${option.user?.name ?? ""}`, typed);
    return this.groups(this.element).map(({ label, options }) => ({ label, options: options.filter(fits) }));
  }
}

/** An option as it stands in the list. */
export function optionNode(option) {
  const note = option.user?.title || (option.description && wordsOf(option.description));
  return [
    option.user ? avatar(option.user) : null,
    el("span.option-words", {}, el("span", { dir: "auto" }, wordsOf(option.text)), note ? el("small", { dir: "auto" }, note) : null),
  ];
}
