// A file on its way to the store: in parts, straight from the browser. It goes on after a break of the
// network, of the page or of the computer. What people see of it is in upload_page.js.
"use strict";

const AT_ONCE = 3;
const PIECE = 4 * 1024 * 1024;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
const TRIES_IF_REFUSED = 3;

const OTHER_FILE =
  "This is another file than the one whose upload was begun, or it was changed since. Choose that one, " +
  "or cancel this upload and begin anew.";
const UNREADABLE =
  "The file cannot be read any more: it may have been moved, changed or removed. What was sent is kept. " +
  "Load this page again, then choose the file to go on.";
const SIGNED_OUT =
  "You are signed out. What was sent is kept: load this page again, sign in, then choose the file to go on.";
const OFFLINE = "No connection. What was sent is kept, and it goes on by itself.";
const STORE_AWAY =
  "The store for files does not answer this browser, though Wavepost does. What was sent is kept, and it " +
  "goes on by itself. If it stays like this, tell who runs Wavepost: “wavepost doctor” finds why.";
const STORE_REFUSES =
  "The store for files refused a part of the file. What was sent is kept: load this page again, then " +
  "choose the file to go on.";

/** Something that waiting mends: the network, or a server that is away. */
class Away extends Error {}

/** Something that waiting does not mend; its message is for people. `problems` are words by field. */
class Refused extends Error {
  constructor(words, problems = {}) {
    super(words);
    this.problems = problems;
  }
}

/** What one of our own forms answers. */
async function ask(address, fields) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields) });
  } catch {
    throw new Away(OFFLINE);
  }
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") throw new Refused(SIGNED_OUT);
  // Who gave an upload up is sent on to the page without it.
  if (answer.redirected && answer.ok) return {};
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  if (isJson && answer.ok) return answer.json();
  if (isJson) {
    const { problem, problems } = await answer.json();
    throw new Refused(problem, problems);
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = page.querySelector("main p")?.textContent.trim() || `Wavepost answered ${answer.status}.`;
  throw answer.status >= 500 ? new Away(words) : new Refused(words);
}

/** A part to the store. Resolves to the status, 0 where nothing answered. */
function put(address, bytes, sha256, signal, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    request.setRequestHeader("x-amz-checksum-sha256", sha256);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    const abort = () => request.abort();
    signal.addEventListener("abort", abort);
    request.onloadend = () => {
      // The signal outlives the part: with its listener, it would hold on to every part that was sent.
      signal.removeEventListener("abort", abort);
      resolve(request.status);
    };
    request.send(bytes);
  });
}

/** Adds bytes to a digest; the page can draw and be clicked in between. */
async function addTo(digest, bytes) {
  for (let at = 0; at < bytes.length; at += PIECE) {
    digest.update(bytes.subarray(at, at + PIECE));
    await new Promise((resume) => setTimeout(resume));
  }
}

/** The SHA-256 of one part, in base64: the browser's own where it lets us, which is on https only. */
async function digestOf(bytes) {
  let raw;
  if (globalThis.crypto?.subtle) {
    raw = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  } else {
    const digest = new Sha256();
    await addTo(digest, bytes);
    raw = Uint8Array.from(digest.hex().match(/../g), (pair) => parseInt(pair, 16));
  }
  return btoa(String.fromCharCode(...raw));
}

/** One file on its way. `begun` is what Wavepost said of it; `tell` is called with each news. */
class Upload {
  #file;
  #begun;
  #fields;
  #tell;
  #parts;
  #sent = new Map();
  #compared = 0;
  #stop = new AbortController();
  #pause = null;
  #tries = 0;

  constructor(file, begun, csrf, tell) {
    this.#file = file;
    this.#begun = begun;
    this.#fields = { csrf };
    this.#tell = tell;
    this.#parts = Math.ceil(file.size / begun.part_size);
  }

  /** What was in the store before. */
  get bytesKept() {
    return Object.keys(this.#begun.kept).reduce((bytes, number) => bytes + this.#sizeOf(Number(number)), 0);
  }

  /** How much of that is still to be compared with the file that was chosen. */
  get bytesToCompare() {
    return this.bytesKept - this.#compared;
  }

  /** What was sent from this page. */
  get bytesSent() {
    let bytes = 0;
    for (const sent of this.#sent.values()) bytes += sent;
    return bytes;
  }

  get isPaused() {
    return this.#pause !== null;
  }

  /** Holds everything until `goOn`; parts that are under way are sent anew then. */
  pause() {
    let release;
    const over = new Promise((resolve) => { release = resolve; });
    this.#pause = { over, release };
    this.#stop.abort();
  }

  goOn() {
    this.#stop = new AbortController();
    this.#pause?.release();
    this.#pause = null;
  }

  /** Sends what is missing. Resolves to the SHA-256 of the whole file; rejects with Refused. */
  async run() {
    const whole = new Sha256();
    const underWay = new Set();
    for (let number = 1; number <= this.#parts; number++) {
      await this.#pause?.over;
      const bytes = await this.#read(number);
      const [sha256] = await Promise.all([digestOf(bytes), addTo(whole, bytes)]);
      const kept = this.#begun.kept[number];
      if (kept !== undefined && kept !== sha256) throw new Refused(OTHER_FILE);
      if (kept === undefined) {
        while (underWay.size === AT_ONCE) await Promise.race(underWay);
        const sending = this.#send(number, bytes, sha256);
        underWay.add(sending);
        // A part that failed is thrown by the race or at the end, not here as well.
        sending.then(() => underWay.delete(sending), () => {});
      } else {
        this.#compared += bytes.length;
        this.#tell();
      }
    }
    await Promise.all(underWay);
    return whole.hex();
  }

  /** Gives the upload up; nothing of it stays. */
  async cancel() {
    this.pause();
    await this.#ask("cancel", {});
  }

  #sizeOf(number) {
    return Math.min(this.#begun.part_size, this.#file.size - (number - 1) * this.#begun.part_size);
  }

  async #read(number) {
    const from = (number - 1) * this.#begun.part_size;
    try {
      const part = this.#file.slice(from, from + this.#sizeOf(number));
      return new Uint8Array(await part.arrayBuffer());
    } catch {
      throw new Refused(UNREADABLE);
    }
  }

  async #send(number, bytes, sha256) {
    let refusals = 0;
    await this.insist(async () => {
      const { address } = await this.#ask("part", { number, sha256 });
      const count = (sent) => this.#count(number, Math.min(sent, bytes.length));
      const status = await put(address, bytes, sha256, this.#stop.signal, count);
      if (status >= 200 && status < 300) {
        this.#count(number, bytes.length);
        return;
      }
      this.#count(number, 0);
      if (status > 0 && status < 500 && ++refusals === TRIES_IF_REFUSED) throw new Refused(STORE_REFUSES);
      throw new Away(navigator.onLine && !this.isPaused ? STORE_AWAY : OFFLINE);
    });
  }

  /** Does it until it is done, however long the network is away, unless that does not help. */
  async insist(act) {
    for (;;) {
      await this.#pause?.over;
      try {
        const done = await act();
        this.#tries = 0;
        return done;
      } catch (error) {
        if (!(error instanceof Away)) throw error;
        if (!this.isPaused) await this.#rest(error.message);
      }
    }
  }

  /** Waits, the longer the more often it failed; no longer than until the network is back. */
  async #rest(words) {
    this.#tries += 1;
    // The first failure is often the only one: nobody need be told of it.
    if (this.#tries > 1) this.#tell(words);
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.floor(this.#tries / AT_ONCE), LONGEST_PAUSE);
    const back = new AbortController();
    await new Promise((resume) => {
      setTimeout(resume, pause);
      addEventListener("online", resume, { signal: back.signal });
    });
    back.abort();
  }

  #ask(what, fields) {
    return ask(`${this.#begun.upload}/${what}`, { ...this.#fields, ...fields });
  }

  #count(number, bytes) {
    this.#sent.set(number, bytes);
    this.#tell();
  }
}
