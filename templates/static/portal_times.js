// Writes times in the reader's own zone. Without it they stand there in UTC, which is said.
"use strict";

const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
const SPACE = /\s/g;
const UNBROKEN = "\u00a0";

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  const day = at.toLocaleDateString("en-GB", DAY).replace(",", "");
  const clock = at.toLocaleTimeString("en-GB", CLOCK);
  time.textContent = `${day.replace(SPACE, UNBROKEN)}, ${clock.replace(SPACE, UNBROKEN)}`;
}
