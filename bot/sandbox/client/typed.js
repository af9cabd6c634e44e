// What was typed and not yet sent, kept in this tab through a reload of the page.

const nameFor = (viewId) => `typed ${viewId}`;

/** The values typed into a modal, as `Surface` takes them. */
export function typedInto(viewId) {
  return JSON.parse(sessionStorage.getItem(nameFor(viewId)) ?? "[]");
}

/** Keep what a modal holds. A file that is still on its way does not arrive after a reload. */
export function keepTyped(viewId, values) {
  const arrived = values.map(([key, value]) => [key, value?.uploading ? { type: value.type, files: value.files } : value]);
  sessionStorage.setItem(nameFor(viewId), JSON.stringify(arrived));
}

/** The modal is closed. */
export function forgetTyped(viewId) {
  sessionStorage.removeItem(nameFor(viewId));
}

/** The message that somebody began in a conversation or thread. */
export function draftIn(place) {
  return sessionStorage.getItem(`draft ${place}`) ?? "";
}

/** Keep a begun message; an empty one is forgotten. */
export function keepDraft(place, words) {
  if (words) sessionStorage.setItem(`draft ${place}`, words);
  else sessionStorage.removeItem(`draft ${place}`);
}
