// The page on which files are uploaded: its form, who would get them, and how far they are.
"use strict";

const UNITS = ["kB", "MB", "GB", "TB"];
const RATE_OVER = 20_000;
const RATE_AFTER = 3_000;

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

/** How fast something grows, over the last seconds. */
class Rate {
  #seen = [];

  /** Bytes a second; undefined as long as it cannot be told. */
  of(bytes) {
    const now = performance.now();
    this.#seen.push([now, bytes]);
    while (now - this.#seen[0][0] > RATE_OVER) this.#seen.shift();
    const [since, before] = this.#seen[0];
    return now - since > RATE_AFTER && bytes > before ? ((bytes - before) * 1000) / (now - since) : undefined;
  }
}

/** What people see of files on their way, and its buttons. */
class Progress {
  #section = document.querySelector("#progress");
  #bar = this.#section.querySelector("progress");
  #figures = this.#section.querySelector("[data-figures]");
  #words = this.#section.querySelector("[role=status]");
  #buttons = buttonsOf(this.#section);
  #title = document.title;
  #uploads = [];
  #current;
  #size = 0;
  #rate;
  #drawn = false;

  /** Shows files on their way, one after the other, until all are there; then the browser goes on. */
  async follow(files, { uploads }, csrf) {
    this.#uploads = uploads.map((begun, at) => new Upload(files[at], begun, csrf, (words) => this.#hear(words)));
    this.#current = this.#uploads[0];
    this.#size = files.reduce((bytes, file) => bytes + file.size, 0);
    for (const rest of document.querySelectorAll("[data-before]")) rest.hidden = true;
    this.#section.hidden = false;
    this.#section.querySelector("h2").focus();
    this.#buttons.pause.onclick = () => this.#pause();
    this.#buttons.resume.onclick = () => this.#goOn();
    this.#buttons.cancel.onclick = () => this.#cancel();
    addEventListener("beforeunload", Progress.#ask);
    this.#goOn();
    try {
      const sums = {};
      for (const [at, upload] of this.#uploads.entries()) {
        this.#current = upload;
        const which = files.length > 1 ? `${at + 1} of ${files.length}: ` : "";
        this.#section.querySelector("[data-which]").textContent = which;
        this.#section.querySelector("[data-name]").textContent = files[at].name;
        sums[`sha256:${uploads[at].file}`] = await upload.run();
      }
      const { page } = await this.#current.insist(() => ask("/files/upload/end", { csrf, ...sums }));
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
    else if (!this.#current.isPaused && this.#words.dataset.away) this.#say(this.#usual);
    if (words !== undefined) this.#words.dataset.away = "yes";
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => this.#draw());
  }

  get #usual() {
    const kept = this.#bytes("bytesKept");
    return kept
      ? `It goes on from ${sizeOf(kept)}: so much was sent before. Keep this page open until it is done.`
      : "Uploading. Keep this page open until it is done.";
  }

  #bytes(which) {
    return this.#uploads.reduce((bytes, upload) => bytes + upload[which], 0);
  }

  #draw() {
    this.#drawn = false;
    const sent = this.#bytes("bytesSent");
    const there = this.#bytes("bytesKept") + sent;
    this.#bar.value = this.#size ? there / this.#size : 1;
    document.title = `${Math.floor(this.#bar.value * 100)} % · ${this.#title}`;
    const figures = [`${sizeOf(there)} of ${sizeOf(this.#size)}`];
    const toCompare = this.#current.bytesToCompare;
    if (toCompare) figures.push(`comparing this file with what is there, ${sizeOf(toCompare)} to go`);
    const pace = this.#rate.of(sent);
    if (pace) figures.push(`${sizeOf(pace)} a second`, timeOf((this.#size - there) / pace));
    this.#figures.textContent = figures.join(", ");
  }

  #pause() {
    this.#current.pause();
    this.#say("Paused. What was sent is kept.");
    this.#offer("resume", "cancel");
    this.#buttons.resume.focus();
  }

  #goOn() {
    this.#rate = new Rate();
    this.#current.goOn();
    this.#say(this.#usual);
    this.#offer("pause", "cancel");
    this.#hear();
  }

  async #cancel() {
    this.#offer();
    this.#current.pause();
    try {
      for (const upload of this.#uploads) await upload.cancel();
    } catch (error) {
      this.#fail(error);
      return;
    }
    removeEventListener("beforeunload", Progress.#ask);
    location.assign(location.pathname);
  }

  #fail(error) {
    removeEventListener("beforeunload", Progress.#ask);
    this.#current.pause();
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

/** The buttons of a section, by what they do. */
function buttonsOf(section) {
  const buttons = section.querySelectorAll("button[data-does]");
  return Object.fromEntries(Array.from(buttons, (button) => [button.dataset.does, button]));
}

/** Says beside each field what is missing of it, and above all that something is. */
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

/** Does what a form asks for; what is wrong with it is said in the form. */
async function attempt(form, act) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Away)) throw error;
    turnTo(form);
    showProblems(form, error.message, error.problems ?? {});
  } finally {
    button.disabled = false;
  }
}

const progress = new Progress();
const confirmation = document.querySelector("#confirm");

/** Shows a form again in place of who would get its files, or the other way round. */
function turnTo(shown) {
  confirmation.hidden = shown !== confirmation;
  for (const rest of document.querySelectorAll("[data-before]")) rest.hidden = shown === confirmation;
}

/** A form in which an upload goes on: its file is chosen again. */
function listenToUnfinished(form) {
  form.querySelector("button").disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    const file = fields.get("file");
    fields.delete("file");
    fields.set("file_name", file.name);
    fields.set("size", file.size);
    attempt(form, async () => progress.follow([file], await ask(form.action, fields), fields.get("csrf")));
  });
}

/** The form for new files: who would get them is shown before they are sent. */
function listenToFacts(form) {
  form.querySelector("button").disabled = false;
  const { send, back } = buttonsOf(confirmation);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    // A field without a file gives one without a name.
    const files = fields.getAll("file").filter((file) => file.name);
    fields.delete("file");
    files.forEach((file, at) => {
      fields.set(`file_name:${at}`, file.name);
      fields.set(`size:${at}`, file.size);
    });
    attempt(form, async () => {
      const { shown } = await ask(`${form.action}/confirm`, fields);
      showProblems(form, "", {});
      const words = new DOMParser().parseFromString(shown, "text/html");
      confirmation.querySelector("[data-shown]").replaceChildren(...words.body.childNodes);
      turnTo(confirmation);
      confirmation.querySelector("h2").focus();
    });
    send.onclick = () => {
      send.disabled = true;
      attempt(form, async () => {
        const begun = await ask(form.action, fields);
        confirmation.hidden = true;
        await progress.follow(files, begun, fields.get("csrf"));
      }).finally(() => { send.disabled = false; });
    };
  });
  back.onclick = () => {
    turnTo(form);
    form.querySelector("button").focus();
  };
}

document.querySelectorAll("form[data-upload]").forEach(listenToUnfinished);
document.querySelectorAll("form[data-facts]").forEach(listenToFacts);
