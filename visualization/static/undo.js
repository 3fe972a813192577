// "Take back the last change" of the settings: first what was typed and not yet run, then the settings that this tab
// was at before. Links are kept in the tab alone and go with it; without a script, the browser's Back does the same.
"use strict";

const KEY = "familyabm-before", MOST = 50;
const link = document.querySelector('.pages a[href^="/settings"]');

function before() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) || "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string" && /^(\?|$)/.test(one)) : [];
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(list.slice(-MOST)));
  } catch { /* a browser that keeps nothing has its Back */ }
}

if (link && !document.querySelector(".problems")) {
  const here = new URL(link.href).search, list = before();
  if (list.at(-1) !== here) keep([...list, here]);
}
const undo = document.querySelector("[data-undo]");
if (undo) offer(undo, undo.closest("form"));

function offer(button, form) {
  const fields = [...form.querySelectorAll("input[name]:not([type=hidden]), select[name]")];
  const value = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const said = form.querySelector("[data-undone]");
  const steps = [];
  let last = fields.map(value);
  const show = () => { button.hidden = !steps.length && before().length < 2; };
  const look = () => {
    const changed = fields.flatMap((field, place) => (value(field) === last[place] ? [] : [[place, last[place]]]));
    if (changed.length) steps.push(changed);
    last = fields.map(value);
    show();
  };
  const put = (field, was) => {
    if (field.type === "checkbox") field.checked = was;
    else field.value = was;
  };
  form.addEventListener("change", look);
  form.addEventListener("click", () => setTimeout(look, 0)); // a button can change a box too
  button.addEventListener("click", () => {
    if (!steps.length) {
      const list = before(), to = list.at(-2);
      keep(list.slice(0, -2));
      location.assign(`/settings${to}`);
      return;
    }
    const changed = steps.pop();
    for (const [place, was] of changed) put(fields[place], was);
    last = fields.map(value);
    for (const [place] of changed) for (const told of ["input", "change"]) fields[place].dispatchEvent(new Event(told));
    const field = fields[changed[0][0]], name = (field.labels[0]?.textContent || field.getAttribute("aria-label")).trim();
    said.textContent = `Taken back: ${name.split(";")[0]}.`;
    const shut = field.closest("details");
    if (shut) shut.open = true;
    show();
    (button.hidden ? field : button).focus();
  });
  show();
}
