// The page on which a file is uploaded: it goes to the store in parts, straight from the browser, and
// goes on after a break of the network, of the page or of the computer.
"use strict";

const AT_ONCE = 3;
const PIECE = 4 * 1024 * 1024;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
const TRIES_IF_REFUSED = 3;
const UNITS = ["kB", "MB", "GB", "TB"];

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

  /** Sends what is missing. Resolves to the address of the file's page; rejects with Refused. */
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
        this.#count(number, bytes.length);
      }
    }
    await Promise.all(underWay);
    return (await this.#insist(() => this.#ask("end", { sha256: whole.hex() }))).page;
  }

  /** Gives the upload up; nothing of it stays. */
  async cancel() {
    this.pause();
    await this.#ask("cancel", {});
  }

  async #read(number) {
    const from = (number - 1) * this.#begun.part_size;
    try {
      const part = this.#file.slice(from, Math.min(from + this.#begun.part_size, this.#file.size));
      return new Uint8Array(await part.arrayBuffer());
    } catch {
      throw new Refused(UNREADABLE);
    }
  }

  async #send(number, bytes, sha256) {
    let refusals = 0;
    await this.#insist(async () => {
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
  async #insist(act) {
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

/** A size as people say it: "1.5 GB". */
function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  let number = bytes / 1000;
  let unit = 0;
  for (; Math.round(number) >= 1000 && unit < UNITS.length - 1; unit++) number /= 1000;
  return `${number < 100 ? number.toFixed(1) : Math.round(number)} ${UNITS[unit]}`;
}

/** How long it still takes, as people say it. */
function timeOf(seconds) {
  if (seconds < 60) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `about ${minutes} minute${minutes === 1 ? "" : "s"} left`;
  return `about ${Math.round(minutes / 60)} hours left`;
}

/** What people see of an upload, and its buttons. */
class Progress {
  #section = document.querySelector("#progress");
  #bar = this.#section.querySelector("progress");
  #figures = this.#section.querySelector("[data-figures]");
  #words = this.#section.querySelector("[role=status]");
  #buttons = Object.fromEntries(
    Array.from(this.#section.querySelectorAll("button"), (button) => [button.dataset.does, button]),
  );
  #upload;
  #size;
  #begun;
  #drawn = false;

  /** Shows a file on its way until it is there; then the browser goes to its page. */
  async follow(file, begun, csrf) {
    this.#upload = new Upload(file, begun, csrf, (words) => this.#hear(words));
    this.#size = file.size;
    this.#section.querySelector("[data-name]").textContent = file.name;
    for (const rest of document.querySelectorAll("[data-before]")) rest.hidden = true;
    this.#section.hidden = false;
    this.#section.querySelector("h2").focus();
    this.#buttons.pause.onclick = () => this.#pause();
    this.#buttons.resume.onclick = () => this.#goOn();
    this.#buttons.cancel.onclick = () => this.#cancel();
    addEventListener("beforeunload", Progress.#ask);
    this.#goOn();
    try {
      const page = await this.#upload.run();
      removeEventListener("beforeunload", Progress.#ask);
      location.assign(page);
    } catch (error) {
      this.#fail(error);
    }
  }

  static #ask(event) {
    event.preventDefault();
  }

  #hear(words) {
    if (words !== undefined) this.#say(words);
    else if (!this.#upload.isPaused && this.#words.dataset.away) this.#say("Uploading.");
    if (words !== undefined) this.#words.dataset.away = "yes";
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#drawn = false;
    const sent = this.#upload.bytesSent;
    this.#bar.value = this.#size ? sent / this.#size : 1;
    const figures = [`${sizeOf(sent)} of ${sizeOf(this.#size)}`];
    this.#begun ??= { at: performance.now(), sent };
    const seconds = (performance.now() - this.#begun.at) / 1000;
    const pace = (sent - this.#begun.sent) / seconds;
    if (seconds > 3 && pace > 0) figures.push(timeOf((this.#size - sent) / pace));
    this.#figures.textContent = figures.join(", ");
  }

  #pause() {
    this.#upload.pause();
    this.#say("Paused. What was sent is kept.");
    this.#offer("resume", "cancel");
    this.#buttons.resume.focus();
  }

  #goOn() {
    this.#begun = undefined;
    this.#upload.goOn();
    this.#say("Uploading. Keep this page open until it is done.");
    this.#offer("pause", "cancel");
  }

  async #cancel() {
    this.#offer();
    try {
      await this.#upload.cancel();
    } catch (error) {
      this.#fail(error);
      return;
    }
    removeEventListener("beforeunload", Progress.#ask);
    location.assign(location.pathname);
  }

  #fail(error) {
    removeEventListener("beforeunload", Progress.#ask);
    this.#upload.pause();
    this.#offer("cancel");
    this.#say(error.message);
    this.#words.classList.add("problem");
    if (!(error instanceof Refused || error instanceof Away)) throw error;
  }

  #say(words) {
    delete this.#words.dataset.away;
    if (this.#words.textContent !== words) this.#words.textContent = words;
  }

  #offer(...names) {
    for (const [name, button] of Object.entries(this.#buttons)) button.hidden = !names.includes(name);
  }
}

/** Says beside each field what is missing of it, and above all how many there are. */
function showProblems(form, words, problems) {
  for (const place of form.querySelectorAll("[data-problem]")) {
    const problem = problems[place.dataset.problem];
    place.hidden = problem === undefined;
    place.textContent = problem ?? "";
    for (const field of form.querySelectorAll(`[aria-describedby~="${place.id}"]`)) {
      if (problem === undefined) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
    }
  }
  const above = form.querySelector("[role=alert]");
  above.hidden = !words;
  above.textContent = words;
  const first = form.querySelector("[aria-invalid=true]");
  first?.closest("details")?.setAttribute("open", "");
  (first ?? above).focus();
}

const progress = new Progress();

/** A form with a file in it: `fields` go to its address, and the file after the answer. */
function listen(form) {
  const button = form.querySelector("button");
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const file = fields.get("file");
    fields.delete("file");
    // A field without a file gives one without a name.
    if (file.name) {
      fields.set("file_name", file.name);
      fields.set("size", file.size);
    }
    button.disabled = true;
    try {
      const begun = await ask(form.action, fields);
      await progress.follow(file, begun, fields.get("csrf"));
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Away)) throw error;
      showProblems(form, error.message, error.problems ?? {});
    } finally {
      button.disabled = false;
    }
  });
}

document.querySelectorAll("form[data-upload]").forEach(listen);
