// A surface is what carries blocks: a message, a modal or a Home tab. It remembers what was filled in.

import { afterPress } from "./press.js";
import { ServerError, post } from "./server.js";
import { workspace } from "./workspace.js";

/** One message's or view's values and its way to the app. */
export class Surface {
  #values;

  /**
   * `container` is {channel, ts} or {view_id}; `complain(words)` shows what went wrong;
   * `changed(block id)` hears of each value that changed; `values` are those to begin with.
   */
  constructor(container, complain, { changed = () => {}, values = [] } = {}) {
    Object.assign(this, { container, complain: (words) => afterPress(() => complain(words)), changed });
    this.#values = new Map(values);
  }

  /** The values as pairs, to begin with another time. */
  get values() {
    return [...this.#values];
  }

  /** What an element of `block` holds, starting at `initial` the first time it is drawn. */
  field(block, element, initial) {
    const key = JSON.stringify([block.block_id, element.action_id]);
    if (initial && !this.#values.has(key)) this.#values.set(key, initial);
    return new Field(this, block, element, key);
  }

  valueAt(key) {
    return this.#values.get(key) ?? null;
  }

  keep(key, value) {
    this.#values.set(key, value);
    this.changed(JSON.parse(key)[0]);
  }

  /** Forget the values of elements that `blocks` no longer have. */
  prune(blocks) {
    const kept = new Set(blocks.flatMap((block) => elementsOf(block).map((one) => JSON.stringify([block.block_id, one.action_id]))));
    for (const key of this.#values.keys()) if (!kept.has(key)) this.#values.delete(key);
  }

  /** Everything filled in so far, in Slack's `state.values` form. */
  get state() {
    const state = {};
    for (const [key, value] of this.#values) {
      const [block, action] = JSON.parse(key);
      state[block] = { ...state[block], [action]: value };
    }
    return state;
  }

  /** Tell the app that an element was used; a failure is shown, not thrown. True when it was answered. */
  async act(block, element, value) {
    this.complain("");
    try {
      const answer = await post("actions", { ...this.#place(block, element), value, state: this.state });
      if (answer.ok === false) this.complain(answer.message ?? "That did not work. Try again.");
      return answer.ok !== false;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.complain(error.message);
      return false;
    }
  }

  /** The app's options for `typed`, as groups of {label, options}. */
  async options(block, element, typed) {
    const answer = await post("options", { ...this.#place(block, element), value: typed });
    if (answer.ok === false) throw new ServerError(answer.message ?? "The app did not answer in time.", answer.error);
    return answer.option_groups ?? [{ label: null, options: answer.options ?? [] }];
  }

  #place(block, element) {
    return { as: workspace.me.id, container: this.container, block_id: block.block_id, action_id: element.action_id };
  }
}

/** One element on a surface. */
export class Field {
  constructor(surface, block, element, key) {
    Object.assign(this, { surface, block, element, key });
  }

  get value() {
    return this.surface.valueAt(this.key);
  }

  /** Outside an input block, and in one with `dispatch_action`, a change is told to the app at once. */
  get dispatches() {
    return this.block.type !== "input" || this.block.dispatch_action === true;
  }

  /** Remember `value`; tell the app when this element does so at once. */
  async change(value) {
    this.keep(value);
    await this.tell();
  }

  /** Tell the app what is held, when this element does so at once and is still asked for. */
  async tell() {
    if (this.dispatches && this.value) await this.act(this.value);
  }

  /** Remember `value` without telling the app. */
  keep(value) {
    this.surface.keep(this.key, value);
  }

  act(value) {
    return this.surface.act(this.block, this.element, value);
  }

  options(typed) {
    return this.surface.options(this.block, this.element, typed);
  }
}

/** The interactive elements of one block. */
export function elementsOf(block) {
  return [block.element, block.accessory, ...(block.elements ?? [])].filter((one) => one?.action_id);
}
