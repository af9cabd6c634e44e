// An app's Home tab.

import { showBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { get } from "./server.js";
import { Surface } from "./surface.js";
import { workspace } from "./workspace.js";

/** The Home of `app` for the acting person. */
export class Home {
  #surface = null;
  #shown = 0;

  constructor(app) {
    this.app = app;
    this.trouble = el("p.trouble", { role: "alert", hidden: true });
    this.blocks = el("div.blocks");
    this.empty = el("div.empty", { hidden: true }, el("p.empty-title", {}, "This Home is empty so far"), el("p", {}, "The app fills it when it has something for you. Meanwhile, see the Messages tab."));
    this.node = el("div.home", { "aria-busy": "true" }, this.trouble, this.blocks, this.empty);
  }

  async load() {
    const before = this.#shown;
    const { view } = await get("home", { as: workspace.me.id, app: this.app.id });
    // What the app published meanwhile is newer than this answer.
    if (before === this.#shown) this.show(view);
  }

  /** Show `view`, or kind words when there is none. */
  show(view) {
    this.#shown += 1;
    this.node.setAttribute("aria-busy", "false");
    this.empty.hidden = Boolean(view);
    if (!view) return this.blocks.replaceChildren();
    if (this.#surface?.container.view_id !== view.id) this.#surface = new Surface({ view_id: view.id }, (words) => this.#complain(words));
    showBlocks(this.blocks, view.blocks, this.#surface);
  }

  #complain(words) {
    this.trouble.hidden = !words;
    this.trouble.textContent = words;
  }
}
