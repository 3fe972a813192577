// Steps through a lesson: one button or a few keys. Without it the page is one long page.
"use strict";
{
  const steps = [...document.querySelectorAll(".step")];
  const body = document.body;
  const part = (name) => document.getElementById(name);
  const keys = part("keys");
  let now = Math.min(steps.length, Math.max(1, Number(location.hash.slice(1)) || 1)) - 1;

  const show = (step, move = true) => {
    now = Math.min(steps.length - 1, Math.max(0, step));
    steps.forEach((one, place) => one.classList.toggle("now", place === now));
    part("place").textContent = `${now + 1} of ${steps.length}`;
    part("back").disabled = now === 0;
    part("next").disabled = now === steps.length - 1;
    document.querySelector("main").scrollTop = 0;
    if (!move) return;
    history.replaceState(null, "", `#${now + 1}`);
    steps[now].focus({ preventScroll: true });
  };

  const noted = (on) => {
    body.classList.toggle("noted", on);
    part("notes").setAttribute("aria-pressed", String(on));
    part("notes").textContent = on ? "Hide notes" : "Show notes";
  };

  const whole = (on) => {
    body.classList.toggle("stepping", !on);
    for (const name of ["back", "next"]) part(name).hidden = on;
    part("place").hidden = on;
    part("whole").textContent = on ? "Step by step" : "One long page";
  };

  document.querySelector(".controls").hidden = false;
  whole(false);
  show(now, false);
  part("next").addEventListener("click", () => show(now + 1));
  part("back").addEventListener("click", () => show(now - 1));
  part("help").addEventListener("click", () => keys.showModal());
  part("shut").addEventListener("click", () => keys.close());
  part("notes").addEventListener("click", () => noted(!body.classList.contains("noted")));
  part("whole").addEventListener("click", () => whole(body.classList.contains("stepping")));

  // What the room bet on stands beside the model's answer.
  document.querySelector("form").addEventListener("change", (event) => {
    if (event.target.name !== "bet") return;
    for (const room of document.querySelectorAll(".room")) {
      room.hidden = false;
      room.textContent = `The room’s bet: ${event.target.value}`;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (keys.open || !body.classList.contains("stepping") || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.target;
    if (at.matches("summary, button, input[type=checkbox]") && [" ", "Enter"].includes(event.key)) return;
    const choosing = at.matches("input[type=radio]");
    const turns = { PageDown: 1, PageUp: -1 };
    if (!choosing) Object.assign(turns, { " ": 1, ArrowRight: 1, ArrowLeft: -1 });
    const letter = part("letters").checked ? event.key.toLowerCase() : "";
    if (body.classList.contains("blank")) body.classList.remove("blank");
    else if (letter === "b") body.classList.add("blank");
    else if (letter === "n") noted(!body.classList.contains("noted"));
    else if (event.key in turns) show(now + turns[event.key]);
    else return;
    event.preventDefault();
  });
}
