// One request of the inspector: a line, and what was asked and answered when it is opened.

import { whileBusy } from "./buttons.js";
import { timeInFull } from "./clock.js";
import { el } from "./dom.js";

const SLOW_MS = 1000; // of the three seconds that Slack waits

/** A row; `tell(words)` says what came of copying. Payloads are drawn when they are first looked at. */
export class InspectorRow {
  #words = null;

  constructor(request, tell) {
    Object.assign(this, { request, tell });
    const { direction, kind, name, status, ms } = request;
    this.failed = status === null || status >= 400 || request.response?.ok === false;
    this.slow = ms >= SLOW_MS;
    this.details = el("details", { on: { toggle: () => this.#draw() } }, el("summary", {},
      el(`span.way.${direction}`, { title: direction === "out" ? "To the app" : "From the app" }, direction === "out" ? "to app" : "to Slack"),
      el("span.what", {}, el("span.name", {}, name || kind), el("small", {}, [kindWords(kind), this.#why()].filter(Boolean).join(": "))),
      el(`span.status${this.failed ? ".failed" : ""}`, {}, String(status ?? "none"), this.failed ? el("span.unseen", {}, ", failed") : null),
      el(`span.ms${this.slow ? ".slow" : ""}`, {}, timeWords(ms), this.slow ? el("span.unseen", {}, ", slow") : null)));
    this.node = el("li", {}, this.details);
  }

  /** Whether the request names `words` (in lower case), or carries them. */
  tells(words) {
    if (!words) return true;
    const { name, kind, status, request, response } = this.request;
    this.#words ??= [name, kind, kindWords(kind), status, JSON.stringify(request), JSON.stringify(response)].join("\n").toLowerCase();
    return this.#words.includes(words);
  }

  /** Why it failed, in Slack's own word or the server's. */
  #why() {
    if (!this.failed) return null;
    const { status, response } = this.request;
    return response?.error ?? (status === null ? "no answer" : null);
  }

  #draw() {
    if (!this.details.open || this.details.children.length > 1) return;
    const { at, request, response } = this.request;
    this.details.append(el("p.quiet-words", {}, timeInFull(new Date(at * 1000))), ...this.#payload("Request", request), ...this.#payload("Response", response));
  }

  #payload(title, content) {
    const words = shown(content);
    const noun = title.toLowerCase();
    const copy = el("button.quiet", { type: "button", "aria-label": `Copy the ${noun}`, on: { click: () => whileBusy(copy, () => this.#copy(words, noun)) } }, "Copy");
    return [el("div.payload", {}, el("h3", {}, title), copy), el("pre", { tabindex: "0", role: "group", "aria-label": title }, words)];
  }

  async #copy(words, noun) {
    try {
      await navigator.clipboard.writeText(words);
      this.tell(`The ${noun} is copied.`);
    } catch {
      this.tell(`The browser did not let the ${noun} be copied. Select it and copy it yourself.`);
    }
  }
}

function kindWords(kind) {
  return kind.replace(/_/g, " ").replace(/\bapi\b/, "API");
}

function timeWords(ms) {
  return ms < SLOW_MS ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function shown(content) {
  if (content === null || content === undefined || content === "") return "Empty";
  return typeof content === "string" ? content : JSON.stringify(content, null, 2);
}
