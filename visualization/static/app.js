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
      said.textContent = button.dataset.copy === "link" ? "Link copied" : "Copied";
    } catch {
      said.textContent = "The browser did not allow it: select the text and copy it.";
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
      if (now.ended) return location.reload(); // a link to a part of this page would not load it again
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
  document.dispatchEvent(new Event("familyabm:filled"));
}

// Settings: what another world says and pulls, sliders beside the boxes for those who drag, another luck.
const told = document.querySelector("[data-worlds]");
if (told) settings(JSON.parse(told.textContent));

function settings(worlds) {
  const box = (letter, lever) => document.getElementById(`${letter}-${lever}`);
  const sliders = new Map();
  for (const letter of "ab") {
    for (const lever of Object.keys(Object.values(worlds)[0].levers)) {
      const field = box(letter, lever), slider = document.createElement("input");
      // The box holds the very same number, so the slider is no stop for Tab and no second thing to hear.
      Object.assign(slider, { type: "range", min: 0, max: 100, tabIndex: -1, className: "beside" });
      slider.setAttribute("aria-hidden", "true");
      const follow = () => {
        slider.value = field.value || field.placeholder;
        field.parentElement.dataset.was = field.value && field.value !== field.placeholder ? `was ${field.placeholder}` : "";
      };
      slider.addEventListener("input", () => { field.value = slider.value === field.placeholder ? "" : slider.value; follow(); });
      field.addEventListener("input", follow);
      field.before(slider);
      sliders.set(field, follow);
      follow();
    }
    const chosen = document.getElementById(letter);
    chosen.addEventListener("change", () => {
      const world = worlds[chosen.value];
      document.querySelector(`[data-about="${letter}"]`).textContent = world.about;
      for (const [lever, percent] of Object.entries(world.levers)) {
        const field = box(letter, lever);
        field.placeholder = percent;
        field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/has \d+$/, `has ${percent}`));
        sliders.get(field)();
      }
    });
  }
  const luck = document.getElementById("luck"), another = document.createElement("button"), both = document.createElement("div");
  Object.assign(another, { type: "button", className: "second", textContent: "New luck" });
  another.addEventListener("click", () => {
    luck.value = 1 + Math.floor(Math.random() * 99999);
    luck.focus();
  });
  both.className = "luckbox";
  luck.replaceWith(both);
  both.append(luck, another);
}
