// The inspector: what went between Slack's stand-in and the app, and how long it took.

import { timeOf } from "./clock.js";
import { ICONS, el, icon } from "./dom.js";
import { get } from "./server.js";

const KEPT = 500;

/** The drawer; `leave()` runs when it closes itself. */
export class Inspector {
  #last = 0;

  constructor(leave) {
    this.filter = el("input", { type: "search", placeholder: "Filter by name or content", "aria-label": "Filter requests", on: { input: () => this.#sift() } });
    this.rows = el("ol.requests", { reversed: true });
    this.none = el("p.quiet-words", {}, "Nothing yet. Send a command and watch what happens.");
    const close = el("button.quiet.square", { type: "button", "aria-label": "Close the inspector", on: { click: leave } }, icon(ICONS.close));
    this.node = el("aside.drawer.inspector", { "aria-label": "Inspector", hidden: true },
      el("header", {}, el("h2", {}, "Inspector"), close), el("div.filter", {}, this.filter), el("div.drawer-body", { tabindex: "0", role: "region", "aria-label": "Requests" }, this.none, this.rows));
  }

  /** Read what has been kept since the last look. */
  async load() {
    const { requests } = await get("requests", { after: this.#last });
    for (const request of requests) this.put(request);
  }

  put(request) {
    if (request.n <= this.#last) return;
    this.#last = request.n;
    this.rows.prepend(row(request));
    if (this.rows.children.length > KEPT) this.rows.lastElementChild.remove();
    this.#sift();
  }

  #sift() {
    const wanted = this.filter.value.trim().toLowerCase();
    for (const one of this.rows.children) one.hidden = Boolean(wanted) && !one.textContent.toLowerCase().includes(wanted);
    this.none.hidden = this.rows.children.length > 0;
  }
}

function row(request) {
  const { direction, kind, name, status, ms, at } = request;
  const toApp = direction === "out";
  const failed = status === null || status >= 400 || request.response?.ok === false;
  const summary = el("summary", {},
    el(`span.way.${toApp ? "out" : "in"}`, { title: toApp ? "To the app" : "From the app" }, toApp ? "to app" : "to Slack"),
    el("span.what", {}, el("span.name", {}, name || kind), el("small", {}, kindWords(kind))),
    el(`span.status${failed ? ".failed" : ""}`, {}, String(status ?? "none")),
    el("span.ms", {}, `${Math.round(ms)} ms`));
  const payload = (title, content) => [el("h3", {}, title), el("pre", { tabindex: "0" }, shown(content))];
  return el("li", {}, el("details", {}, summary, el("p.quiet-words", {}, timeOf(new Date(at * 1000))), payload("Request", request.request), payload("Response", request.response)));
}

function kindWords(kind) {
  return kind.replace(/_/g, " ").replace(/\bapi\b/, "API");
}

function shown(content) {
  if (content === null || content === undefined || content === "") return "Empty";
  return typeof content === "string" ? content : JSON.stringify(content, null, 2);
}
