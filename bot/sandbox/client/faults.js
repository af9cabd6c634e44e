// The page of faults: what can go wrong, what is going wrong now, and how to end it.

import { whileBusy } from "./buttons.js";
import { ICONS, el, freshId, icon } from "./dom.js";
import { Live } from "./live.js";
import { ServerError, get, post } from "./server.js";

class FaultsPage {
  constructor(offers) {
    this.active = el("ul", { "aria-label": "Faults at work" });
    this.none = el("p", {}, "None. Everything works.");
    this.liftAll = el("button.button", { type: "button", hidden: true, on: { click: () => this.#end("faults/lift", "All faults are lifted.", this.liftAll) } }, "Lift all");
    this.title = el("h2", { tabindex: "-1" }, "At work now");
    this.news = el("p.news", { role: "status" });
    this.node = el("main", { id: "main" }, backLink(), el("h1", {}, "Faults"),
      el("p.intro", {}, "Things go wrong between an app and Slack. Make them go wrong here, and see what the app does."),
      this.news,
      el("section.at-work", {}, el("div.at-work-head", {}, this.title, this.liftAll), this.none, this.active),
      offers.map((group) => this.#group(group)));
  }

  /** Show the faults at work. */
  show(active) {
    const held = this.active.contains(document.activeElement);
    this.active.replaceChildren(...active.map((fault) => this.#atWork(fault)));
    this.none.hidden = active.length > 0;
    this.liftAll.hidden = active.length < 2;
    if (held) (this.active.querySelector("button") ?? this.title).focus();
  }

  async refresh() {
    this.show((await get("faults")).active);
  }

  say(words) {
    this.news.textContent = words;
  }

  #atWork({ id, words, left }) {
    const lift = el("button.button", { type: "button", "aria-label": `Lift ${words}`, on: { click: () => this.#end(`faults/${id}/lift`, `Lifted: ${words}.`, lift) } }, "Lift");
    return el("li", {}, el("p.words", {}, words, el("small", {}, leftWords(left))), lift);
  }

  async #end(path, words, button) {
    await whileBusy(button, async () => {
      try {
        await post(path, {});
        this.say(words);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        this.say(error.message);
      }
      await this.refresh();
    });
  }

  #group({ title, faults }) {
    return el("section", {}, el("h2", {}, title), el("ul.offers", {}, faults.map((fault) => el("li", {}, this.#offer(fault)))));
  }

  #offer({ kind, title, does, advice, fields }) {
    const asked = fields.map(control);
    const wrong = el("p.wrong-words", { role: "alert", hidden: true });
    const begin = el("button.button.primary", { type: "submit", "aria-label": `Begin ${title}` }, "Begin");
    const send = async (event) => {
      event.preventDefault();
      const how = Object.fromEntries(asked.map(({ name, read }) => [name, read()]));
      await whileBusy(begin, () => this.#begin(kind, how, wrong));
    };
    return el("details", {}, el("summary", {}, el("strong", {}, title), el("span", {}, does)),
      el("form", { on: { submit: send } }, el("p.advice", {}, el("strong", {}, "What to do: "), advice),
        el("div.asked", {}, asked.map(({ node }) => node)), wrong, begin));
  }

  async #begin(kind, how, wrong) {
    wrong.hidden = true;
    try {
      const { fault } = await post("faults", { fault: kind, how });
      this.say(`At work: ${fault.words}.`);
      await this.refresh();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      wrong.textContent = error.message;
      wrong.hidden = false;
    }
  }
}

function leftWords(left) {
  if (left === null) return "Until it is lifted";
  return left === 1 ? "Once more" : `${left} more times`;
}

function backLink() {
  const here = document.referrer.startsWith(`${location.origin}/?`);
  return el("a.back", { href: here ? document.referrer : "/" }, icon(ICONS.back), "Back to the workspace");
}

const CONTROLS = { count: countOf, seconds: secondsOf, text: textOf, yes_no: tickOf, choice: choiceOf };

/** A labelled control for one field: its `node`, and `read()` for what it holds. */
function control(field) {
  return { name: field.name, ...CONTROLS[field.type](field, freshId("field")) };
}

function countOf(field, id) {
  return numberOf(field, id, { min: 1, step: 1 });
}

function secondsOf(field, id) {
  return numberOf(field, id, { min: 0, step: "any", required: true });
}

function numberOf({ label, value }, id, bounds) {
  const input = el("input", { id, type: "number", value: value ?? "", ...bounds });
  return { node: typed(id, label, input), read: () => (input.value === "" ? null : Number(input.value)) };
}

function textOf({ label, value }, id) {
  const input = el("input", { id, type: "text", required: true, autocomplete: "off", spellcheck: "false", value });
  return { node: typed(id, label, input), read: () => input.value.trim() };
}

function tickOf({ label, value }, id) {
  const input = el("input", { id, type: "checkbox", checked: value });
  return { node: el("div.ticked", {}, input, el("label", { for: id }, label)), read: () => input.checked };
}

function choiceOf({ label, choices, value }, id) {
  const options = choices.map((choice) => el("option", { value: choice.value ?? "", selected: choice.value === value }, choice.label));
  const select = el("select", { id }, options);
  return { node: typed(id, label, select), read: () => select.value || null };
}

function typed(id, label, input) {
  return el("div.typed", {}, el("label.label", { for: id }, label), input);
}

async function start() {
  const [{ offers, active }, { me }] = await Promise.all([get("faults"), get("workspace")]);
  const page = new FaultsPage(offers);
  page.show(active);
  document.querySelector("#page").replaceChildren(page.node);
  new Live({
    hear: (event) => event.type === "faults" && page.refresh(),
    back: () => { page.say(""); return page.refresh(); },
    lost: () => page.say("The connection was lost. Trying again…"),
  }).listen(me.id, false);
  document.documentElement.dataset.ready = "yes";
}

function failed(error) {
  const words = error instanceof ServerError ? error.message : "The page could not start. Reload it to try again.";
  document.querySelector("#page").replaceChildren(el("div.empty", { role: "alert" }, el("p.empty-title", {}, "The faults cannot be shown"), el("p", {}, words)));
  if (!(error instanceof ServerError)) throw error;
}

start().catch(failed);
