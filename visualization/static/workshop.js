// A table's page and the facilitator's view: ask whether there is anything new, show it, and lose nothing half typed.
"use strict";

const problems = document.getElementById("problems");
if (problems) problems.focus();

const part = document.getElementById("part");
if (part) {
  clocks();
  follow(part);
}

function follow(place) {
  const every = Number(place.dataset.every);
  let touched = false;
  let silent = 0;
  place.addEventListener("input", () => { touched = true; });
  const shown = () => place.firstElementChild.dataset;

  const look = async () => {
    try {
      const answer = await fetch(place.dataset.now, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const now = await answer.json();
      silent = 0;
      lost("");
      if (now.seen === "gone") return location.assign("/");
      // What somebody is choosing stays until the step is over, whatever another device at the table has sent.
      if (now.seen !== shown().seen && !(touched && now.place === shown().place)) await renew(now);
    } catch {
      silent += 1;
      if (silent > 1) lost("Lost touch with the workshop. Trying again. What you sent is safe.");
    }
    setTimeout(look, every);
  };

  const renew = async (now) => {
    const before = shown().place;
    const answer = await fetch(place.dataset.part);
    if (!answer.ok || answer.redirected) return location.reload();
    const within = document.activeElement && place.contains(document.activeElement) ? document.activeElement : null;
    const again = within && (within.id ? `#${CSS.escape(within.id)}` : within.value ? `button[value="${CSS.escape(within.value)}"]` : "");
    place.innerHTML = await answer.text();
    touched = false;
    clocks();
    if (again) place.querySelector(again)?.focus({ preventScroll: true });
    if (shown().place !== before) {
      document.getElementById("news").textContent = shown().says;
      if (place.dataset.part.startsWith("/team")) scrollTo({ top: 0 });
    }
  };
  setTimeout(look, every);
}
