// Lists and menus that float above the page, kept inside the window.

import { el } from "./dom.js";

const GAP = 4;
const MARGIN = 8;

/** An element that floats: hidden until shown. Attributes and children as for `el`. */
export function popup(tag, attributes, ...children) {
  return el(`${tag}.popup`, { popover: "manual", ...attributes }, ...children);
}

/**
 * Show `floating` beside `anchor`, below it or above when there is more room there.
 * It lies in the browser's top layer, so no scrolling pane and no dialog cuts it off.
 */
export function showBeside(floating, anchor, { align = "start", match = false } = {}) {
  if (!floating.matches(":popover-open")) floating.showPopover();
  const place = () => position(floating, anchor, align, match);
  place();
  stopFollowing.get(floating)?.();
  const watch = new AbortController();
  for (const event of ["scroll", "resize"]) addEventListener(event, place, { capture: true, signal: watch.signal });
  const resized = new ResizeObserver(place);
  resized.observe(floating);
  stopFollowing.set(floating, () => { watch.abort(); resized.disconnect(); });
}

const stopFollowing = new WeakMap();

export function hide(floating) {
  stopFollowing.get(floating)?.();
  stopFollowing.delete(floating);
  if (floating.isConnected && floating.matches(":popover-open")) floating.hidePopover();
}

export function isShown(floating) {
  return floating.isConnected && floating.matches(":popover-open");
}

function position(floating, anchor, align, match) {
  const box = anchor.getBoundingClientRect();
  if (match) floating.style.minWidth = `${box.width}px`;
  const below = innerHeight - box.bottom - GAP - MARGIN;
  const above = box.top - GAP - MARGIN;
  const up = below < Math.min(floating.scrollHeight, 240) && above > below;
  floating.style.maxHeight = `${Math.min(Math.max(up ? above : below, 120), 360)}px`;
  const { width, height } = floating.getBoundingClientRect();
  const left = align === "end" ? box.right - width : box.left;
  floating.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
  floating.style.top = `${up ? box.top - GAP - height : box.bottom + GAP}px`;
}

/** Run `leave` when the pointer goes down outside of `nodes`. */
export function onOutside(nodes, leave, signal) {
  document.addEventListener("pointerdown", (event) => {
    if (!nodes.some((node) => node.contains(event.target))) leave();
  }, { signal });
}
