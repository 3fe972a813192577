// What the pages can do besides standing still: copy a link, look after a job, move focus to what went wrong.
"use strict";

const problems = document.getElementById("problems");
if (problems) problems.focus();

// A field named in an error lies in a part that may be shut.
for (const link of document.querySelectorAll(".problems a")) {
  link.addEventListener("click", () => {
    const field = document.querySelector(link.getAttribute("href"));
    const shut = field && field.closest("details");
    if (shut) shut.open = true;
    if (field) setTimeout(() => field.focus(), 0);
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = button.nextElementSibling;
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      said.textContent = "Link copied";
    } catch {
      said.textContent = "The browser did not allow it: select the link and copy it.";
    }
  });
}

// A job at work: ask how far it is, fill in what is new, and say so when the server does not answer.
for (const job of document.querySelectorAll("[data-job]")) watch(job);

function watch(place) {
  let silent = 0;
  let version = place.dataset.version;
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.job, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const now = await answer.json();
      if (silent) lost("");
      silent = 0;
      tell(place, now);
      if (String(now.version) !== version) {
        version = String(now.version);
        await fill(place.dataset.fill);
      }
      if (now.ended) return location.replace(location.href);
    } catch {
      silent += 1;
      const long = silent > 14;
      lost(long
        ? "Still trying to reach the model. Reload this page when you like: your settings are in its address and will come back."
        : "Lost touch with the model. Trying again. Your settings are safe.");
    }
    setTimeout(ask, silent ? 1500 : 500);
  };
  setTimeout(ask, 400);
}

function tell(place, now) {
  const bar = place.querySelector("progress");
  if (bar) {
    if (now.asked) bar.max = now.asked;
    if (now.done) bar.value = now.done;
  }
  const said = place.querySelector("[data-said]");
  if (said && said.textContent !== now.said) said.textContent = now.said;
}

async function fill(address) {
  const target = document.getElementById("results");
  if (!target || !address) return;
  const answer = await fetch(address);
  if (!answer.ok) return;
  const open = [...target.querySelectorAll("details[open]")].map((part) => part.querySelector("summary").textContent);
  target.innerHTML = await answer.text();
  for (const part of target.querySelectorAll("details")) {
    if (open.includes(part.querySelector("summary").textContent)) part.open = true;
  }
}

function lost(text) {
  let bar = document.getElementById("lost");
  if (!bar) {
    bar = document.createElement("p");
    bar.id = "lost";
    bar.className = "notice";
    bar.setAttribute("role", "alert");
    document.getElementById("main").prepend(bar);
  }
  bar.hidden = !text;
  if (bar.textContent !== text) bar.textContent = text;
}
