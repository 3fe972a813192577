// The shared screen: follow the room at once, play its pictures, and pass keys on to the facilitator's acts.
"use strict";

const part = document.getElementById("part");
const KEYS = { " ": "forward", b: "blank", r: "replay", t: "table", "+": "larger", "=": "larger", "-": "smaller" };
let played = "";

begin();
follow();

function main() {
  return part.querySelector("main");
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`${part.dataset.wait}?since=${encodeURIComponent(main().dataset.stamp)}`);
      if (answer.status === 403) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      const { version } = await answer.json();
      if (version === "gone") return location.assign("/facilitator");
      if (version !== main().dataset.stamp) await renew();
    } catch {
      await new Promise((later) => setTimeout(later, 700));
    }
  }
}

async function renew() {
  const answer = await fetch(part.dataset.part);
  if (!answer.ok || answer.redirected) return location.reload();
  const fresh = document.createElement("div");
  fresh.innerHTML = await answer.text();
  const next = fresh.querySelector("main");
  // What is playing goes on playing when only a tick or a result beside it is new.
  if (next.dataset.place === main().dataset.place) next.classList.add("still");
  part.replaceChildren(...fresh.childNodes);
  begin();
}

function begin() {
  const place = main().dataset.place;
  const moving = played !== place && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (played === place) for (const one of main().getAnimations({ subtree: true })) one.finish();
  for (const dots of main().querySelectorAll("canvas.dots")) draw(dots, moving);
  played = place;
  clocks();
}

document.addEventListener("keydown", (event) => {
  const does = KEYS[event.key.toLowerCase()];
  if (!does || main().dataset.keys !== "1" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  event.preventDefault();
  const said = new URLSearchParams({ does, step: main().dataset.step, from: "screen" });
  fetch("/facilitator/go", { method: "POST", body: said, redirect: "manual" });
});

// One dot for each time a service counted a family. They start in five heaps, and come together as families.
function draw(canvas, moving) {
  const wide = canvas.clientWidth, tall = canvas.clientHeight, scale = devicePixelRatio || 1;
  canvas.width = wide * scale;
  canvas.height = tall * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const dots = places(JSON.parse(canvas.dataset.masks), wide, tall);
  const began = performance.now(), lasts = 4200;
  const frame = (now) => {
    const at = moving ? Math.min(1, (now - began) / lasts) : 1;
    const ease = at < 0.5 ? 4 * at ** 3 : 1 - (-2 * at + 2) ** 3 / 2;
    pen.clearRect(0, 0, wide, tall);
    for (const dot of dots) {
      const dark = at > 0.92 ? dot.n : 1;
      pen.fillStyle = dark >= 3 ? "#f46a25" : dark === 2 ? "#12436d" : "#6b9ac4";
      pen.beginPath();
      pen.arc(dot.x + (dot.u - dot.x) * ease, dot.y + (dot.v - dot.y) * ease, dot.r * (dark >= 3 ? 1.35 : 1), 0, 7);
      pen.fill();
    }
    if (at < 1 && canvas.isConnected) requestAnimationFrame(frame);
  };
  frame(began);
}

function places(masks, wide, tall) {
  const families = Object.entries(masks).flatMap(([mask, n]) => Array.from({ length: n }, () => Number(mask)));
  const bits = (mask) => [0, 1, 2, 3, 4].filter((bit) => mask >> bit & 1);
  families.sort((one, other) => bits(other).length - bits(one).length);
  const room = Math.sqrt(wide * tall / families.length);
  const columns = Math.max(1, Math.round(wide / room)), rows = Math.ceil(families.length / columns);
  const step = Math.min(wide / columns, tall / rows), radius = step * 0.34;
  const heaps = [0, 0, 0, 0, 0];
  const across = Math.max(1, Math.floor(wide / 5 / (step * 1.02)) - 1);
  return families.flatMap((mask, at) => {
    const u = (at % columns + 0.5) * (wide / columns), v = (Math.floor(at / columns) + 0.5) * (tall / rows);
    return bits(mask).map((bit) => {
      const place = heaps[bit]++;
      const x = bit * wide / 5 + (place % across + 0.75) * step, y = tall - (Math.floor(place / across) + 0.6) * step * 0.8;
      return { x, y, u, v, r: radius, n: bits(mask).length };
    });
  }).sort((one, other) => one.n - other.n);
}
