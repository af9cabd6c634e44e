// Copies a link by one press, where the browser lets a page do so; else it is selected, to be copied by hand.
"use strict";

const address = document.getElementById("address");
const button = document.getElementById("copy");
const copied = document.getElementById("copied");

async function copy() {
  address.select();
  try {
    await navigator.clipboard.writeText(address.value);
    copied.textContent = "Copied.";
  } catch {
    copied.textContent = "It is selected: copy it with the keys of your computer.";
  }
}

button.hidden = false;
button.addEventListener("click", copy);
