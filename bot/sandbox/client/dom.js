// Every node of the page is made here, so that words from people and apps are text and never markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "open", "selected", "multiple"]);

/**
 * A new element. `tag` may carry classes ("p.note"); `on` holds listeners; null and false
 * attributes are left out; children are nodes, words, lists of these, or nothing.
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) give(node, key, value);
  node.append(...flat(children));
  return node;
}

function give(node, key, value) {
  if (key === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (key === "data") {
    Object.assign(node.dataset, value);
  } else if (PROPERTIES.has(key)) {
    node[key] = value ?? "";
  } else if (value !== null && value !== undefined && value !== false) {
    node.setAttribute(key, value === true ? "" : String(value));
  }
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Make `host` hold exactly `nodes`; nodes already there are not moved, so focus and typing survive. */
export function arrange(host, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...host.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, place) => {
    if (host.childNodes[place] !== node) host.insertBefore(node, host.childNodes[place] ?? null);
  });
}

const SVG = "http://www.w3.org/2000/svg";

/** A line icon from path data on a 20-unit grid, hidden from screen readers: its control carries the label. */
export function icon(paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const path of [paths].flat()) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
  }
  return svg;
}

export const ICONS = {
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  close: "M5 5l10 10M15 5L5 15",
  more: ["M3.6 10a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0", "M9.1 10a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0", "M14.6 10a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0"],
  hash: "M7.5 3.5l-1.6 13M14 3.5l-1.6 13M3.5 7.5h13.2M3 12.5h13.2",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  reply: "M3.5 5.5h13v8.5h-7l-3.5 3v-3h-2.5z",
  bolt: "M11 2.5L4.5 11.5H9l-.5 6L15.5 8.5H11z",
  send: "M3 10l14-6.5-4.5 13.5-3-5.5zM9.5 11.5L17 3.5",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  down: "M5.5 8l4.5 4.5L14.5 8",
  search: "M8.8 14.2a5.4 5.4 0 1 0 0-10.8 5.4 5.4 0 0 0 0 10.8zM12.8 12.8L17 17",
  pulse: "M2.5 10.5h3.5l2.5-6 3.5 11 2.5-5h3",
  back: "M12.5 4.5L7 10l5.5 5.5",
  image: "M3 4.5h14v11H3zM3 13l4-4 4 4 2.5-2.5L17 14",
};

let made = 0;

/** An id no other element of the page has, for labels and descriptions. */
export function freshId(noun) {
  made += 1;
  return `${noun}-${made}`;
}
