// "Are you sure?": a confirm object before an element acts.

import { el, freshId } from "./dom.js";
import { textNode, wordsOf } from "./text.js";

/** Ask as a confirm object says; true at once when there is none. */
export function confirmed(question) {
  if (!question) return Promise.resolve(true);
  const title = freshId("title");
  const words = freshId("words");
  const answer = (value, kind, text) => el(`button.button${kind}`, { type: "submit", value }, wordsOf(text));
  const dialog = el("dialog.modal.small", { "aria-labelledby": title, "aria-describedby": words },
    el("form", { method: "dialog" },
      el("header", {}, el("h2", { id: title, dir: "auto" }, wordsOf(question.title))),
      el("div.body", { id: words }, textNode(question.text)),
      el("footer", {},
        answer("no", "", question.deny ?? "Cancel"),
        answer("yes", question.style === "danger" ? ".danger" : ".primary", question.confirm ?? "Yes"))));
  document.body.append(dialog);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
