// "Add to report" on any page, and the list of what was added: kept in this browser alone, by the settings it is of.
"use strict";

const link = document.querySelector('.pages a[href^="/report"]');
const KEY = link ? `familyabm-report${new URL(link.href).search}` : "";
const HOW_MANY = 40;

function taken() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(found) ? found.filter((one) => /^[a-z][a-z0-9-]{0,60}$/.test(one)).slice(0, HOW_MANY) : [];
  } catch {
    return [];
  }
}

function take(list) {
  try {
    if (list.length) localStorage.setItem(KEY, JSON.stringify(list.slice(0, HOW_MANY)));
    else localStorage.removeItem(KEY);
  } catch { /* a browser that keeps nothing: the report page itself still works */ }
  show();
}

/** The report with everything that was added, in its order. */
function address() {
  const to = new URL(link.href);
  to.searchParams.delete("take");
  for (const one of taken()) to.searchParams.append("take", one);
  return to;
}

function show() {
  const list = taken();
  link.href = address();
  link.textContent = list.length ? `Report (${list.length})` : "Report";
  for (const button of document.querySelectorAll("[data-take]")) {
    const within = list.includes(button.dataset.take), name = button.querySelector(".hidden");
    button.hidden = false;
    button.firstChild.textContent = within ? "In the report – take out" : "Add to report";
    button.classList.toggle("within", within);
    if (name) button.append(name);
  }
}

if (link) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    const list = taken(), name = button.dataset.take;
    take(list.includes(name) ? list.filter((one) => one !== name) : [...list, name]);
  });
  document.addEventListener("familyabm:filled", show);
  show();
  const items = document.querySelector("[data-items]");
  if (items) arrange(items);
  if (document.body.contains(items) && !location.search.includes("take=") && taken().length) location.replace(address());
}

/** On the report's own page: up, down and out, without numbers to type. */
function arrange(items) {
  const rest = document.querySelector("[data-rest]"), said = document.querySelector("[data-arranged]");
  const within = () => [...items.querySelectorAll(":scope > li")];
  for (const part of document.querySelectorAll(".items .order")) part.hidden = true;
  for (const part of document.querySelectorAll(".items .moves")) part.hidden = false;
  const settle = (entry, words) => {
    within().forEach((one, place) => {
      one.querySelector(".order input").value = 10 * (place + 1);
      one.querySelector("[data-move=up]").disabled = place === 0;
      one.querySelector("[data-move=down]").disabled = place === within().length - 1;
      one.querySelector(".moves").hidden = false;
    });
    for (const one of rest.children) one.querySelector(".moves").hidden = true;
    if (!entry) return; // what the page begins with was nobody's choice
    take(within().map((one) => one.querySelector("input[type=checkbox]").value));
    said.textContent = words;
  };
  document.querySelector("form.report").addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const entry = button.closest("li"), up = button.dataset.move === "up";
    if (up && entry.previousElementSibling) entry.previousElementSibling.before(entry);
    if (!up && entry.nextElementSibling) entry.nextElementSibling.after(entry);
    settle(entry, `${entry.dataset.title} is now number ${within().indexOf(entry) + 1}.`);
    const other = entry.querySelector(`[data-move=${up ? "down" : "up"}]`);
    (button.disabled ? other : button).focus();
  });
  document.querySelector("form.report").addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    const entry = event.target.closest("li");
    (event.target.checked ? items : rest).append(entry);
    settle(entry, `${entry.dataset.title} ${event.target.checked ? "goes in, at the end" : "is left out"}.`);
    event.target.focus();
  });
  settle();
}
