// What pages of the app and of the workshop both need.
"use strict";

// Clocks that count down what is left of a step.
function clocks() {
  for (const clock of document.querySelectorAll("[data-left]")) {
    const until = performance.now() + 1000 * Number(clock.dataset.left);
    const said = clock.querySelector("[data-clock]");
    const tick = () => {
      if (!clock.isConnected) return;
      const left = Math.ceil((until - performance.now()) / 1000);
      said.textContent = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "Time is up";
      if (left > 0) setTimeout(tick, 250);
    };
    if (clock.dataset.going === "1") tick();
  }
}

// A line at the top of the page while the server does not answer; no text takes it away.
function lost(text) {
  let bar = document.getElementById("lost");
  if (!bar) {
    if (!text) return;
    bar = document.createElement("p");
    bar.id = "lost";
    bar.className = "notice";
    bar.setAttribute("role", "alert");
    document.getElementById("main").prepend(bar);
  }
  bar.hidden = !text;
  if (bar.textContent !== text) bar.textContent = text;
}
