// Files: choosing them, and showing them.

import { el, icon } from "./dom.js";
import { ServerError, upload } from "./server.js";
import { workspace } from "./workspace.js";

const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE * 1024;
const LARGEST = MEGABYTE * 1024; // what Slack takes at all
const MOST = 10; // in one message or field

const PAPER = "M5 2.5h6.5l4 4v11H5zM11.5 2.5v4h4";
const CROSS = "M5 5l10 10M15 5L5 15";
export const CLIP = "M14.5 7v6a4.5 4.5 0 0 1-9 0V5.5a3 3 0 0 1 6 0V13a1.5 1.5 0 0 1-3 0V7";

/** "512 bytes", "12 KB", "3.4 MB". */
export function sizeWords(bytes) {
  if (bytes < KILOBYTE) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  if (bytes < MEGABYTE) return `${Math.round(bytes / KILOBYTE)} KB`;
  return `${(bytes / MEGABYTE).toFixed(1).replace(/\.0$/, "")} MB`;
}

/** Where the acting person gets the bytes of a file. */
export function addressOf(id) {
  return `/client/api/files/${id}?${new URLSearchParams({ as: workspace.me.id })}`;
}

/** The same for a `slack_file`, named by its id or by one of Slack's addresses of it. */
export function pictureAddress({ id, url }) {
  const named = id ?? /\bF[A-Z0-9]{8,}\b/.exec(url ?? "")?.[0];
  return named ? addressOf(named) : null;
}

/** A picture; where it cannot be had, `instead` of it. */
export function pictureNode(address, words, instead) {
  const image = el("img", { src: address, alt: words, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(instead()));
  return image;
}

/** A file of a message: a picture inline, anything else as a card to download. */
export function fileNode(file) {
  if (file.mode === "tombstone") return el("div.file.gone", {}, icon(PAPER), el("span", {}, "This file was deleted."));
  return /^image\/(png|jpeg|gif|webp)$/.test(file.mimetype) ? shown(file) : card(file);
}

function shown(file) {
  const words = file.alt_txt || file.title;
  const caption = el("figcaption", {}, el("bdi", {}, file.title), " ", download(file));
  return el("figure.file-picture", {}, caption, pictureNode(addressOf(file.id), words, () => card(file)));
}

function card(file) {
  const what = [file.pretty_type, sizeWords(file.size)].filter(Boolean).join(" · ");
  return el("div.file", {}, icon(PAPER), el("span.file-words", {}, el("bdi", {}, file.title), el("small", {}, what)), download(file));
}

function download(file) {
  return el("a.download", { href: addressOf(file.id), download: file.name, "aria-label": `Download ${file.title}` }, "Download");
}

/** Files that somebody is adding to a message or a field. */
export class FileTray {
  #files;
  #uploading = 0;

  /** `changed()` is told whenever files came, went or are on their way; `leave` takes the focus after the last one. */
  constructor({ most = MOST, endings = [], largest = LARGEST, files = [], changed, leave }) {
    Object.assign(this, { most, largest, changed, leave });
    this.endings = endings.map((ending) => ending.toLowerCase().replace(/^\./, ""));
    this.#files = files;
    const accept = this.endings.map((ending) => `.${ending}`).join(",") || null;
    this.input = el("input", { type: "file", multiple: most > 1, accept, hidden: true, on: { change: () => this.#chosen() } });
    this.list = el("ul.attached", { "aria-label": "Files added" });
    this.status = el("p.uploading", { role: "status" });
    this.fault = el("p.fault", { role: "alert" });
    this.node = el("div.tray", {}, this.input, this.list, this.status, this.fault);
    this.#draw();
  }

  get files() {
    return this.#files;
  }

  get uploading() {
    return this.#uploading > 0;
  }

  /** Let the person choose with the browser's own dialog. */
  choose() {
    this.input.click();
  }

  /** Take what is dropped on `zone`. */
  watch(zone) {
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.add("dropping");
    };
    zone.addEventListener("dragenter", over);
    zone.addEventListener("dragover", over);
    zone.addEventListener("dragleave", (event) => zone.contains(event.relatedTarget) || zone.classList.remove("dropping"));
    zone.addEventListener("drop", (event) => {
      zone.classList.remove("dropping");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.take([...event.dataTransfer.files]);
    });
  }

  /** Upload the files that fit; say of the others why they do not. */
  async take(chosen) {
    const faults = [];
    const fit = [];
    for (const file of chosen) {
      const words = this.#faultOf(file, fit.length);
      if (words) faults.push(words);
      else fit.push(file);
    }
    this.#complain(faults);
    await Promise.all(fit.map((file) => this.#upload(file)));
  }

  /** Put back files that could not be sent. */
  restore(files) {
    this.#files = [...files, ...this.#files];
    this.#tell();
  }

  /** Hand over the files and be empty again. */
  empty() {
    const files = this.#files;
    this.#files = [];
    this.#complain([]);
    this.#tell();
    return files;
  }

  #chosen() {
    const chosen = [...this.input.files];
    // Else the same file could not be chosen again.
    this.input.value = "";
    this.take(chosen);
  }

  #faultOf(file, before) {
    const ending = file.name.includes(".") ? file.name.split(".").at(-1).toLowerCase() : "";
    if (this.#files.length + this.#uploading + before >= this.most) return `${file.name} was not added: ${this.most === 1 ? "only one file fits" : `at most ${this.most} files fit`} here.`;
    if (this.endings.length && !this.endings.includes(ending)) return `${file.name} was not added: it should be one of ${this.endings.join(", ")}.`;
    if (file.size > this.largest) return `${file.name} was not added: it is larger than ${this.largest === LARGEST ? "1 GB" : sizeWords(this.largest)}.`;
    if (!file.size) return `${file.name} was not added: it is empty.`;
    return null;
  }

  async #upload(file) {
    this.#uploading += 1;
    this.#tell(`Uploading ${file.name}…`);
    try {
      const answer = await upload("files", { as: workspace.me.id, name: file.name }, file);
      this.#files = [...this.#files, answer.file];
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#complain([`${file.name} was not added. ${error.message}`]);
    } finally {
      this.#uploading -= 1;
      this.#tell();
    }
  }

  #remove(file) {
    const place = this.#files.indexOf(file);
    this.#files = this.#files.filter((one) => one !== file);
    this.#complain([]);
    this.#tell(`${file.name} was removed.`);
    const next = [...this.list.querySelectorAll("button")].at(Math.min(place, this.#files.length - 1));
    if (this.#files.length) next.focus();
    else this.leave();
  }

  #tell(words = "") {
    this.status.textContent = words;
    this.#draw();
    this.changed();
  }

  #draw() {
    this.list.hidden = !this.#files.length;
    this.list.replaceChildren(...this.#files.map((file) => el("li", {},
      icon(PAPER), el("bdi", {}, file.name), el("small", {}, sizeWords(file.size)),
      el("button.quiet.square", { type: "button", "aria-label": `Remove ${file.name}`, on: { click: () => this.#remove(file) } }, icon(CROSS)))));
  }

  #complain(faults) {
    this.fault.textContent = faults.join(" ");
  }
}
