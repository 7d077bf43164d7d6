/* “Preview” shows the words as they will look, in place, and goes on doing so while one types.
   Without this script the same button asks the server for a page that shows them. */

const PAUSE = 500;

document.addEventListener("click", (event) => {
  const button = event.target.closest("#reply button[name=preview]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  forget(form);
  shown(form) || open(form, button);
  refresh(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || !event.target.matches("[name=text], [name=language]") || !shown(form)) return;
  clearTimeout(form.pause);
  form.pause = setTimeout(() => refresh(form), PAUSE);
});

/* What was wrong with an earlier sending is said of other words than those that are shown now. */
function forget(form) {
  const section = form.closest("#reply");
  for (const each of section.querySelectorAll(".errors, .error")) each.remove();
  for (const field of section.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

function shown(form) {
  return form.querySelector(".preview");
}

function open(form, button) {
  const section = document.createElement("section");
  const title = document.createElement("h4");
  const said = document.createElement("div");
  const language = document.createElement("p");
  section.className = "preview";
  title.className = "meta";
  title.id = "preview-title";
  title.textContent = form.dataset.shows;
  section.setAttribute("aria-labelledby", title.id);
  said.className = "said";
  said.dir = "auto";
  language.className = "help";
  language.setAttribute("role", "status");
  section.append(title, said, language);
  button.closest(".field").before(section);
}

async function refresh(form) {
  const section = shown(form);
  const body = new URLSearchParams({ text: form.elements.text.value, language: form.elements.language.value });
  let answer;
  try {
    const response = await fetch(form.dataset.preview, { method: "POST", body });
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return; // no connection: what is shown stays
  }
  const said = section.querySelector(".said");
  const parsed = new DOMParser().parseFromString(answer.html, "text/html");
  said.lang = answer.language;
  said.replaceChildren(...parsed.body.childNodes);
  const words = answer.language ? form.dataset.language.replace("%s", answer.name) : "";
  const line = section.querySelector("[role=status]");
  if (line.textContent !== words) line.textContent = words;
}
