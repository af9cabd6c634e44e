// One message as the reader sees it.

import { avatar } from "./avatar.js";
import { showBlocks } from "./blocks.js";
import { fullTime, instant, timeOf } from "./clock.js";
import { ICONS, el, icon } from "./dom.js";
import { fileNode } from "./files.js";
import { menuOf } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { Surface } from "./surface.js";
import { nameOf, workspace } from "./workspace.js";

/** Who a message is from: the user if known, and the name to show. */
export function authorOf(message) {
  const user = workspace.user(message.user ?? message.bot_profile?.user_id);
  const name = message.username || (user ? nameOf(user) : message.bot_profile?.name || "App");
  return { user, name, isApp: Boolean(message.bot_id || user?.is_bot) };
}

/** A message's node, kept while the message changes. */
export class MessageView {
  /** `deeds` are {reply?, shortcut, dismiss}: what can be done with the message. */
  constructor(message, channel, deeds) {
    this.deeds = deeds;
    this.surface = new Surface({ channel, ts: message.ts }, (words) => this.#complain(words));
    this.gutter = el("div.gutter");
    this.byline = el("div.byline");
    this.words = el("div.text", { dir: "auto" });
    this.blocks = el("div.blocks");
    this.after = el("div.after");
    this.trouble = el("p.trouble", { role: "alert", hidden: true });
    const more = el("button.quiet.square", { type: "button", "aria-label": "More actions" }, icon(ICONS.more));
    this.tools = el("div.tools", {}, menuOf(more, () => this.#entries()));
    this.node = el("article.message", { data: { ts: message.ts } },
      this.gutter, el("div.said", {}, this.byline, this.words, this.blocks, this.after, this.trouble), this.tools);
    this.show(message);
  }

  show(message) {
    const body = JSON.stringify(message);
    if (body === this.body) return;
    this.body = body;
    this.message = message;
    const { user, name, isApp } = authorOf(message);
    const when = instant(message.ts);
    this.node.setAttribute("aria-label", `${name}, ${timeOf(when)}`);
    this.node.classList.toggle("ephemeral", Boolean(message.ephemeral));
    this.node.classList.toggle("event", ["channel_join", "channel_leave", "channel_topic"].includes(message.subtype));
    const time = () => el("time", { datetime: when.toISOString(), title: fullTime(when) }, timeOf(when));
    this.gutter.replaceChildren(avatar(user, name), time());
    this.byline.replaceChildren(...[
      message.ephemeral ? el("span.only", {}, icon(ICONS.eye), "Only visible to you") : null,
      el("bdi.author", {}, name), isApp ? el("span.badge", {}, "App") : null, time(),
    ].filter(Boolean));
    this.#showBody(message);
    this.tools.hidden = !this.#entries().length;
  }

  #showBody(message) {
    const blocks = message.blocks ?? [];
    this.words.replaceChildren(...(blocks.length ? [] : mrkdwn(message.text ?? "")));
    if (message.edited && message.edited.user) this.words.append(edited());
    this.words.hidden = !this.words.childNodes.length;
    showBlocks(this.blocks, blocks, this.surface);
    this.after.replaceChildren(...(message.attachments ?? []).map(attachment), ...(message.files ?? []).map(fileNode), ...this.#thread(message));
  }

  #thread({ reply_count: count, latest_reply: latest }) {
    if (!count || !this.deeds.reply) return [];
    const words = `${count} ${count === 1 ? "reply" : "replies"}`;
    const when = latest ? el("small", {}, `Last at ${timeOf(instant(latest))}`) : null;
    return [el("button.thread-link", { type: "button", on: { click: () => this.deeds.reply(this.message) } }, icon(ICONS.reply), words, when)];
  }

  #entries() {
    const { reply, shortcut, dismiss } = this.deeds;
    if (this.message.ephemeral) return dismiss ? [{ label: "Dismiss", pick: () => dismiss(this.message) }] : [];
    const apps = workspace.shortcuts("message").map((one) => ({
      label: one.name, note: workspace.appNamed(one.app), pick: () => shortcut(one, this.message),
    }));
    return [...(reply ? [{ label: "Reply in thread", pick: () => reply(this.message) }] : []), ...apps];
  }

  #complain(words) {
    this.trouble.hidden = !words;
    this.trouble.textContent = words;
  }
}

function edited() {
  return el("small.edited", {}, " (edited)");
}

// Older apps colour a message with attachments; their blocks are shown, their buttons are not pressed.
function attachment(one) {
  const colour = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
  const host = el("div.blocks");
  if (one.blocks) showBlocks(host, one.blocks, new Surface({}, () => {}));
  else host.append(...[one.title, one.text ?? one.fallback].filter(Boolean).map((words) => el("div.text", { dir: "auto" }, mrkdwn(words))));
  return el("div.attachment", { style: colour ? `border-color:${colour}` : null }, host);
}
