// A button that opens a menu. Pattern: www.w3.org/WAI/ARIA/apg/patterns/menu-button.

import { el, freshId } from "./dom.js";
import { hide, isShown, onOutside, popup, showBeside } from "./popup.js";

/**
 * Make `button` open a menu. `entries()` gives {label, note?, address?, pick} and runs at each
 * opening; the returned element holds button and menu.
 */
export function menuOf(button, entries, { align = "end" } = {}) {
  const menu = popup("div.menu", { role: "menu", id: freshId("menu") });
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", menu.id);
  menu.setAttribute("aria-label", button.getAttribute("aria-label") ?? button.textContent);
  let watch = null;

  const close = (refocus) => {
    watch?.abort();
    hide(menu);
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const open = (place) => {
    const items = entries();
    menu.replaceChildren(...items.map((entry) => item(entry, () => close(true))));
    if (!items.length) return;
    showBeside(menu, button, { align });
    button.setAttribute("aria-expanded", "true");
    watch = new AbortController();
    onOutside([button, menu], () => close(false), watch.signal);
    menu.children.item(place < 0 ? items.length - 1 : place).focus();
  };

  button.addEventListener("click", () => (isShown(menu) ? close(true) : open(0)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(event.key === "ArrowUp" ? -1 : 0);
  });
  menu.addEventListener("keydown", (event) => steer(event, menu, close));
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget) && event.relatedTarget !== button) close(false);
  });
  return el("span.menu-holder", {}, button, menu);
}

function item({ label, note, address, pick }, close) {
  const chosen = () => { close(); pick?.(); };
  const words = [el("span", { dir: "auto" }, label), note ? el("small", {}, note) : null];
  if (address) return el("a", { role: "menuitem", tabindex: "-1", href: address, target: "_blank", rel: "noopener noreferrer", on: { click: chosen } }, words);
  return el("button", { role: "menuitem", type: "button", tabindex: "-1", on: { click: chosen } }, words);
}

function steer(event, menu, close) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const focus = (place) => items[(place + items.length) % items.length].focus();
  const keys = {
    ArrowDown: () => focus(at + 1),
    ArrowUp: () => focus(at - 1),
    Home: () => focus(0),
    End: () => focus(-1),
    Escape: () => close(true),
    Tab: () => close(false),
  };
  if (event.key in keys) {
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  } else if (event.key.length === 1 && event.key !== " ") {
    const turned = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    turned.find((one) => one.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  }
}
