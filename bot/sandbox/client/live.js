// What happens in the workspace, as it happens.

const RETRY_MS = 1500;

/** One person's stream of events; it comes back by itself when the connection breaks. */
export class Live {
  #source = null;
  #timer = null;
  #broken = false;

  /** `hear(event)` gets each event; `back()` runs after a break; `lost()` when one begins. */
  constructor({ hear, back, lost }) {
    this.hear = hear;
    this.back = back;
    this.lost = lost;
  }

  /**
   * Listen as `person`, with the inspector's requests when `inspector`; ends the stream before.
   * Resolves once nothing can be missed: what is read from then on is followed by what happens to
   * it. A stream that cannot begin resolves too; `back()` then tells when it does.
   */
  listen(person, inspector) {
    this.stop();
    const query = new URLSearchParams({ as: person, ...(inspector ? { inspector: "1" } : {}) });
    const source = new EventSource(`/client/api/live?${query}`);
    this.#source = source;
    source.addEventListener("open", () => this.#opened());
    source.addEventListener("message", (event) => this.hear(JSON.parse(event.data)));
    source.addEventListener("error", () => this.#failed(source, person, inspector));
    return new Promise((begun) => {
      for (const kind of ["open", "error"]) source.addEventListener(kind, begun, { once: true });
    });
  }

  stop() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #opened() {
    document.documentElement.dataset.live = "yes";
    if (!this.#broken) return;
    this.#broken = false;
    this.back();
  }

  #failed(source, person, inspector) {
    if (source !== this.#source) return;
    delete document.documentElement.dataset.live;
    if (!this.#broken) this.lost();
    this.#broken = true;
    // A browser retries a dropped stream by itself, but gives up for good on an HTTP error.
    if (source.readyState === EventSource.CLOSED) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.listen(person, inspector), RETRY_MS);
    }
  }
}
