// A press: what moves away under the pointer before it is released would take the press with it.

let held = null;
const waiting = [];

/** Run `work` at once; while something is being pressed, once that press was heard. */
export function afterPress(work) {
  if (held) waiting.push(work);
  else work();
}

function pressed(event) {
  if (event.button === 0) held = {};
}

function released() {
  const ending = held;
  // The click is told after the release, in the same turn. A press that began since lasts on.
  setTimeout(() => {
    if (held !== ending) return;
    held = null;
    for (const work of waiting.splice(0)) work();
  });
}

addEventListener("pointerdown", pressed, true);
addEventListener("pointerup", released, true);
addEventListener("pointercancel", released, true);
// A release in another window is not told here.
addEventListener("blur", released);
