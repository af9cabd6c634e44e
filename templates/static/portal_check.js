// Checks a download: computes the SHA-256 of a file on the reader's own disk, and says so where it is right.
"use strict";

const form = document.getElementById("check");
const chosen = document.getElementById("chosen");
const told = document.getElementById("told");
const progress = document.getElementById("progress");
let turn = 0;

async function sumOf(file, isStale) {
  const sum = new Sha256();
  const reader = file.stream().getReader();
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (isStale()) {
      await reader.cancel();
      return "";
    }
    if (done) return sum.hex();
    sum.update(value);
    read += value.length;
    progress.value = file.size ? read / file.size : 1;
  }
}

async function check() {
  const mine = ++turn;
  const [file] = chosen.files;
  if (!file) return;
  progress.hidden = false;
  progress.value = 0;
  told.className = "";
  told.textContent = "It is being read.";
  let found = "";
  try {
    found = await sumOf(file, () => mine !== turn);
  } catch {
    told.className = "wrong";
    told.textContent = "The file could not be read. It may have been moved since you chose it: please choose it again.";
    return;
  }
  if (mine !== turn) return;
  progress.hidden = true;
  if (found === form.dataset.sha256) {
    told.textContent = "It is the same. One moment …";
    document.getElementById("sha256").value = found;
    form.submit();
    return;
  }
  told.className = "wrong";
  told.textContent = "These are other bytes than those that were sent. Did you choose the right file? If so, download it again and check what you get then.";
}

form.hidden = false;
document.getElementById("by-hand").hidden = true;
chosen.addEventListener("change", check);
