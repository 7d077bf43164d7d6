/* The words of an unfinished comment stay in this browser until they are sent, for a week at most.
   Only the words: no name and no address. */

const PREFIX = "draft:";
const WEEK = 7 * 24 * 60 * 60 * 1000;
const SENDING = "sending";

document.addEventListener("reply:open", (event) => meet(event.detail));
document.addEventListener("input", (event) => {
  if (event.target.matches("#reply textarea[name=text]")) keep(event.target.form);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("#reply form")) store(sessionStorage, SENDING, key(event.target));
}, true);
try {
  throwOldAway();
} catch { /* storage refused: nothing is kept */ }
const here = document.querySelector("#reply");
if (here) meet(here);

function meet(section) {
  const form = section.querySelector("form[data-kept]");
  if (form) bringBack(form);
  if ("sent" in section.dataset) {
    const sent = sessionStorage.getItem(SENDING);
    if (sent) localStorage.removeItem(sent);
    sessionStorage.removeItem(SENDING);
  }
}

function key(form) {
  return PREFIX + new URL(form.action).pathname + new URL(form.action).search;
}

function keep(form) {
  const { value } = form.elements.text;
  if (value.trim()) store(localStorage, key(form), JSON.stringify({ text: value, at: Date.now() }));
  else localStorage.removeItem(key(form));
  note(form);
}

function bringBack(form) {
  const draft = read(key(form));
  const field = form.elements.text;
  if (draft && !field.value) field.value = draft.text;
  else if (field.value) keep(form);
  note(form);
}

/* What is kept, and a way to have it forgotten; below the field it is about. */
function note(form) {
  let line = form.querySelector(".kept-here");
  if (!read(key(form))) {
    line?.remove();
    return;
  }
  if (line) return;
  line = document.createElement("p");
  line.className = "help kept-here";
  line.append(`${form.dataset.kept} `);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "step";
  button.textContent = form.dataset.forget;
  button.addEventListener("click", () => {
    form.elements.text.value = "";
    form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.text.focus();
  });
  line.append(button);
  form.elements.text.closest(".field").append(line);
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function store(storage, name, value) {
  try {
    storage.setItem(name, value);
  } catch { /* storage refused or full: the form works all the same */ }
}

function throwOldAway() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && !(read(name)?.at > Date.now() - WEEK)) localStorage.removeItem(name);
  }
}
