// Where one is, kept in the page's address so that it can be shared, reloaded and gone back to.

/** The person, conversation and tab of the address; each may be null. */
export function whereabouts() {
  const query = new URLSearchParams(location.search);
  return { as: query.get("as"), channel: query.get("channel"), tab: query.get("tab") };
}

/** Write the place into the address; a new conversation is a step one can go back from. */
export function moveTo(place) {
  const before = whereabouts();
  const given = Object.entries(place).filter(([, value]) => value);
  const address = `${location.pathname}?${new URLSearchParams(given)}`;
  const step = before.channel && before.channel !== place.channel;
  history[step ? "pushState" : "replaceState"](null, "", address);
}
