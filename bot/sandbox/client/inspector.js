// The inspector: what went between Slack's stand-in and the app, and how long it took.

import { el, freshId, ICONS, icon } from "./dom.js";
import { InspectorRow } from "./inspector_row.js";
import { settled } from "./inputs.js";
import { get } from "./server.js";

const KEPT = 500;
const TYPING_MS = 120;

const WAYS = [
  ["all", "Both ways", () => true],
  ["in", "From the app", ({ request }) => request.direction === "in"],
  ["out", "To the app", ({ request }) => request.direction === "out"],
  ["failed", "What failed", ({ failed }) => failed],
  ["slow", "What was slow", ({ slow }) => slow],
];

/** The drawer; `leave()` runs when it closes itself. */
export class Inspector {
  #last = 0;
  #rows = [];

  constructor(leave) {
    const tally = freshId("tally");
    this.filter = el("input", { type: "search", placeholder: "Method or content", "aria-label": "Filter requests", "aria-describedby": tally, on: { input: settled(() => this.#sift(this.#rows), TYPING_MS) } });
    this.way = el("select", { "aria-label": "Which requests", on: { change: () => this.#sift(this.#rows) } }, WAYS.map(([value, words]) => el("option", { value }, words)));
    this.tally = el("p.tally", { id: tally });
    this.news = el("p.tally", { role: "status" });
    this.list = el("ol.requests", { reversed: true, on: { keydown: (event) => this.#steer(event) } });
    const close = el("button.quiet.square", { type: "button", "aria-label": "Close the inspector", on: { click: leave } }, icon(ICONS.close));
    this.node = el("aside.drawer.inspector", { "aria-label": "Inspector", hidden: true, on: { keydown: (event) => event.key === "Escape" && !event.defaultPrevented && this.#escape(event, leave) } },
      el("header", {}, el("h2", {}, "Inspector"), close),
      el("div.filter", {}, this.filter, this.way, el("div.tallies", {}, this.tally, this.news)),
      el("div.drawer-body", { tabindex: "0", role: "region", "aria-label": "Requests" }, this.list));
    this.#sift([]);
  }

  focus() {
    this.filter.focus();
  }

  /** Read what has been kept since the last look. */
  async load() {
    const { requests } = await get("requests", { after: this.#last });
    this.#add(requests);
  }

  put(request) {
    this.#add([request]);
  }

  #add(requests) {
    const fresh = requests.filter(({ n }) => n > this.#last).map((request) => new InspectorRow(request, (words) => this.#tell(words)));
    if (!fresh.length) return;
    this.#last = fresh.at(-1).request.n;
    this.#rows = [...this.#rows, ...fresh];
    for (const old of this.#rows.splice(0, Math.max(0, this.#rows.length - KEPT))) old.node.remove();
    this.list.prepend(...fresh.slice(-KEPT).reverse().map(({ node }) => node));
    this.#sift(fresh);
  }

  /** Show of `rows` those that are asked for, and say how many there are in all. */
  #sift(rows) {
    const words = this.filter.value.trim().toLowerCase();
    const [, , fits] = WAYS.find(([value]) => value === this.way.value);
    for (const row of rows) row.node.hidden = !(fits(row) && row.tells(words));
    this.#count(Boolean(words) || this.way.value !== "all");
  }

  #count(sifted) {
    const all = this.#rows.length;
    const noun = all === 1 ? "request" : "requests";
    const shown = sifted ? this.#rows.filter(({ node }) => !node.hidden).length : all;
    this.tally.textContent = !all ? "Nothing yet. Send a command and watch what happens." : sifted ? `${shown} of ${all} ${noun}` : `${all} ${noun}`;
  }

  // What is looked for is let go of first, then the inspector.
  #escape(event, leave) {
    if (event.target !== this.filter || !this.filter.value) return leave();
    event.preventDefault();
    this.filter.value = "";
    this.#sift(this.#rows);
  }

  #tell(words) {
    this.news.textContent = words;
  }

  #steer(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.target.tagName !== "SUMMARY" || !(event.key in steps)) return;
    event.preventDefault();
    const open = [...this.list.querySelectorAll(":scope > li:not([hidden]) summary")];
    open[open.indexOf(event.target) + steps[event.key]]?.focus();
  }
}
