// The controls of the picture: one clock for both worlds, the table kept equal, and everything that matters in the link.
import { load, Picture } from "/static/picture.js";
import { explore, save } from "/static/explore.js";

const place = document.querySelector("[data-watch]");
if (place) start(place);

async function start(place) {
  const stage = place.querySelector(".stage");
  let data;
  try {
    data = await load(place.dataset.source);
    stage.hidden = false;
    begin(place, stage, data);
  } catch (error) {
    stage.hidden = true;
    const said = document.createElement("p");
    said.className = "notice";
    said.setAttribute("role", "status");
    said.textContent = "This device cannot draw the picture. The table below shows the same.";
    place.querySelector("[data-counts]").after(said);
  }
}

function begin(place, stage, { meta, worlds, places, parted }) {
  const find = (name) => place.querySelector(`[data-set="${name}"]`);
  const act = (name) => place.querySelector(`[data-do="${name}"]`);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const pictures = [...place.querySelectorAll("canvas")].map((canvas, i) => new Picture(canvas, worlds[i], places, meta.services, "AB"[i]));
  const now = { week: Number(place.dataset.week), playing: false, follow: -1, hover: -1 };
  place.pictures = { now, worlds, pictures, meta }; // so that a test can hold the picture against the table

  for (const part of place.querySelectorAll(".js")) part.hidden = false;
  for (const part of place.querySelectorAll(".nojs")) part.hidden = true;
  if (calm) act("play").hidden = true;

  const tallies = [...place.querySelectorAll("[data-tally]")].map((list) => [...list.querySelectorAll("b")]);
  const options = () => ({
    look: Number(find("look").value), lines: find("lines").checked, passes: find("passes").checked,
    only: find("only").checked, parted, follow: now.follow, hover: now.hover,
  });

  function draw() {
    const shown = options(), which = find("world").value;
    place.querySelector(".stages").classList.toggle("one", which !== "both");
    pictures.forEach((picture, i) => {
      const away = which !== "both" && which !== "ab"[i];
      picture.canvas.closest("figure").hidden = away;
      if (!away) picture.draw(now.week, shown);
    });
    place.classList.toggle("small", pictures.some((picture) => picture.small));
  }

  let told = 0;
  function tell(always) {
    place.querySelector("[data-heading]").textContent = `At the end of week ${now.week + 1}`;
    find("slider").value = now.week + 1;
    if (document.activeElement !== find("week")) find("week").value = now.week + 1;
    if (!always && performance.now() - told < 250) return;
    told = performance.now();
    const look = Number(find("look").value), counted = worlds.map((world) => world.count(now.week, look));
    place.querySelector("[data-counts]").textContent = look < 0
      ? `In the last four weeks ${apart(counted, "new")} pieces of work came with new need, and ${apart(counted, "back")} came back because it was not sorted.`
      : `What ${meta.services[look].toLowerCase()} can see: ${apart(counted, "seen")} of ${worlds[0].homes.toLocaleString("en-GB")} families.`;
    tallies.forEach((cells, i) => {
      const found = counted[i];
      [found.new, found.back, found.bands[2], found.waiting, found.several].forEach((n, k) => { cells[k].textContent = n.toLocaleString("en-GB"); });
      // No service sees who is in crisis, who waits elsewhere, or who else meets the family.
      cells.slice(2).forEach((cell) => { cell.parentElement.hidden = look >= 0; });
    });
  }
  const apart = (counted, name) => {
    const which = find("world").value, [a, b] = counted.map((one) => one[name].toLocaleString("en-GB"));
    return which === "both" ? `${a} (A) and ${b} (B)` : which === "a" ? a : b;
  };

  // The table comes from the server, which counts by itself; while the picture plays it would only flicker.
  let asking;
  function tabulate() {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const asked = () => `&week=${now.week + 1}&look=${find("look").value}&world=${find("world").value}`;
      const query = asked();
      const answer = await fetch(place.dataset.table + query), text = await answer.text();
      if (query !== asked()) return; // overtaken: what is shown now is asked for already
      const tables = document.querySelector("[data-tables]");
      if (answer.ok) tables.innerHTML = text;
      Object.assign(tables.dataset, { week: now.week + 1, look: find("look").value });
      if (now.follow >= 0) place.querySelector("[data-story]").textContent = `Family ${now.follow + 1} (made up). ${story()}`;
      const taking = place.querySelector("[data-week-take]"), looked = find("look").value;
      taking.dataset.take = `week-${now.week + 1}${looked === "-1" ? "" : `-${looked}`}`;
      document.dispatchEvent(new Event("familyabm:filled"));
      const link = new URL(location.href);
      link.searchParams.set("week", now.week + 1);
      for (const name of ["look", "world"]) link.searchParams.set(name, find(name).value);
      history.replaceState(null, "", link);
      pictures.forEach((picture, i) => {
        const found = worlds[i].count(now.week, Number(find("look").value));
        picture.canvas.setAttribute("aria-label", `World ${"AB"[i]}, end of week ${now.week + 1}: ${found.new} pieces of work came with new need, ${found.back} came back, ${found.bands[2]} families in crisis.`);
      });
    }, 200);
  }

  function show(week, settle = true) {
    now.week = Math.max(0, Math.min(meta.weeks - 1, week));
    draw();
    tell(settle);
    if (settle) tabulate();
  }

  function pause() {
    now.playing = false;
    act("play").textContent = "Play";
    show(now.week);
  }

  // Where drawing is slow, weeks are joined together: the clock keeps its pace and nothing queues.
  let last = 0;
  function frame(time) {
    if (!now.playing) return;
    const due = Math.floor(((time - last) * Number(find("speed").value)) / 1000);
    if (due >= 1) {
      last = time;
      if (now.week >= meta.weeks - 1) return pause();
      show(now.week + Math.min(due, 26), false);
    }
    requestAnimationFrame(frame);
  }

  act("play").addEventListener("click", () => {
    if (now.playing) return pause();
    if (now.week >= meta.weeks - 1) now.week = 0;
    now.playing = true;
    act("play").textContent = "Pause";
    last = performance.now();
    requestAnimationFrame(frame);
  });
  const step = (weeks) => { if (now.playing) pause(); show(now.week + weeks); };
  act("back").addEventListener("click", () => step(-4));
  act("forward").addEventListener("click", () => step(4));
  act("part").addEventListener("click", () => { if (now.playing) pause(); show(meta.parts); });
  find("slider").addEventListener("input", () => { now.playing = false; act("play").textContent = "Play"; show(Number(find("slider").value) - 1); });
  find("week").addEventListener("change", () => {
    const week = Number(find("week").value);
    if (Number.isInteger(week) && week >= 1 && week <= meta.weeks) step(week - 1 - now.week);
    else find("week").value = now.week + 1;
  });
  for (const name of ["look", "world", "lines", "passes", "only"]) find(name).addEventListener("change", () => show(now.week));

  find("follow").addEventListener("change", () => follow(Number(find("follow").value) - 1));
  if (place.dataset.follow) follow(Number(place.dataset.follow) - 1);
  function follow(row) {
    now.follow = Number.isInteger(row) && row >= 0 && row < meta.homes ? row : -1;
    const box = place.querySelector("[data-followed]");
    box.hidden = now.follow < 0;
    if (now.follow >= 0) {
      find("follow").value = now.follow + 1;
      box.querySelector("[data-story]").textContent = `Family ${now.follow + 1} (made up). ${story()}`;
      const link = new URL(box.querySelector("[data-story-link]").href);
      link.searchParams.set("family", now.follow + 1);
      box.querySelector("[data-story-link]").href = link;
    }
    draw();
  }
  /** Say whom the family followed has met in the last year, in both worlds, and where its lives part. */
  function story() {
    const met = worlds.map((world) => world.met(now.follow, now.week).map((service) => meta.services[service].toLowerCase()));
    const said = met.map((names, i) => `In world ${"AB"[i]} it has met ${names.length ? names.join(", ") : "no service"} in the last year.`);
    const apart = parted[now.follow] < 65535 ? `Its two lives part in week ${parted[now.follow] + 1}.` : "Its two lives are the same in both worlds.";
    return `${said.join(" ")} ${apart}`;
  }

  explore({ pictures, now, follow, draw, button: act("keys"), said: place.querySelector("[data-marked]") });
  act("picture").addEventListener("click", () => save(pictures, meta.worlds, now.week));
  pictures.forEach((picture) => {
    const over = (event) => { const box = picture.canvas.getBoundingClientRect(); return picture.near(event.clientX - box.left, event.clientY - box.top); };
    if (meta.homes > 10000) return;
    picture.canvas.addEventListener("click", (event) => follow(over(event)));
    picture.canvas.addEventListener("pointermove", (event) => { const row = over(event); if (row !== now.hover) { now.hover = row; if (!now.playing) draw(); } });
    picture.canvas.addEventListener("pointerleave", () => { now.hover = -1; if (!now.playing) draw(); });
  });

  act("mark").addEventListener("click", () => {
    const entry = document.createElement("li"), link = document.createElement("a");
    const to = new URL(location.href);
    to.searchParams.set("week", now.week + 1);
    link.href = to;
    link.textContent = `Week ${now.week + 1}`;
    entry.append(link);
    place.querySelector("[data-marks]").append(entry);
    place.querySelector("[data-marked]").textContent = `Week ${now.week + 1} is marked. Its link shows this very moment.`;
  });

  new ResizeObserver(draw).observe(stage);
  draw();
  tell(true);
}
