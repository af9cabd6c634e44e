// A person's or an app's square of colour and initials.

import { el } from "./dom.js";
import { nameOf } from "./workspace.js";

const COLOURS = ["#2f6f8f", "#7a4e9c", "#a3482f", "#3c7a4b", "#8a6210", "#a03a6a", "#3f5fa8", "#54702a"];

/** `user` may be null (an app known by `name` only). */
export function avatar(user, name = nameOf(user)) {
  const colour = colourOf(user, name);
  const style = `background:${colour};color:#fff`;
  return el(`span.avatar${user?.is_bot ? ".bot" : ""}`, { style, "aria-hidden": "true" }, initials(name));
}

function initials(name) {
  const words = name.replace(/[^\p{L}\p{N}\s]/gu, " ").trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

function colourOf(user, name) {
  const given = `#${(user?.color ?? "").replace(/^#/, "")}`;
  if (/^#[0-9a-f]{6}$/i.test(given)) return calm(given);
  const sum = [...(user?.id ?? name)].reduce((total, sign) => total + sign.codePointAt(0), 0);
  return COLOURS[sum % COLOURS.length];
}

// Slack's own colours shout beside each other; slate makes them one family, and dark enough for white words.
function calm(colour) {
  for (let share = 0.3; share < 1; share += 0.1) {
    const mixed = [0x2b, 0x3f, 0x4a].map((slate, at) => Math.round(channel(colour, at) * (1 - share) + slate * share));
    const darker = `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    if (!isLight(darker)) return darker;
  }
  return COLOURS[0];
}

function channel(colour, at) {
  return parseInt(colour.slice(1 + at * 2, 3 + at * 2), 16);
}

// White words need a contrast of 4.5 with what is behind them: www.w3.org/TR/WCAG22/#dfn-relative-luminance
function isLight(colour) {
  const channels = [0, 1, 2].map((at) => channel(colour, at) / 255);
  const [red, green, blue] = channels.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) < 4.5;
}
