/* How much is written, and what may want another look: the list below the text, brought up to date when she pauses.
   The language of the page is said to the fields and to the editor, so that the browser spells in it. */

import { form } from "./form.js";

const PAUSE = 4000;
const list = document.querySelector("[data-hints]");
const language = form.elements.language;
let timer = 0;
let asked = "";
let turn = 0;

const editor = () => window.CKEDITOR?.instances.id_body;

async function look() {
  const words = editor()?.getData() ?? form.elements.body?.value ?? "";
  const now = `${language?.value}\n${words}`;
  if (now === asked || document.visibilityState === "hidden") return;
  asked = now;
  const mine = ++turn;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("body", words);
  if (language?.value) body.set("language", language.value);
  try {
    const answer = await fetch(list.dataset.hints, { method: "POST", body });
    if (!answer.ok || answer.redirected || mine !== turn) return;
    list.innerHTML = await answer.text();
  } catch { /* it is asked again with the next words */ }
}

/* The number alone follows at once. */
function count() {
  const text = editor()?.editable()?.$.innerText ?? "";
  const place = list.querySelector("[data-count]");
  const n = (text.match(/\S+/g) ?? []).length;
  if (place) place.textContent = list.dataset.words.replace("{n}", n);
}

function later() {
  count();
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

/* A text below the form (notes of a work) has a language of its own beside it. */
function speak() {
  for (const name of ["title", "summary"]) if (language?.value) form.elements[name]?.setAttribute("lang", language.value);
  for (const each of Object.values(window.CKEDITOR?.instances ?? {})) {
    const own = form.elements[each.element.getNameAtt().replace(/\w+$/, "language")] ?? language;
    if (own?.value) each.document?.getDocumentElement().setAttribute("lang", own.value);
  }
}

form.addEventListener("change", ({ target }) => {
  if (!target.name?.endsWith("language")) return;
  speak();
  if (list) later();
});
speak();

function follow(each) {
  each.on("contentDom", speak);
  speak();
  if (list && each.name === "id_body") {
    let quick = 0;
    each.on("change", () => { cancelAnimationFrame(quick); quick = requestAnimationFrame(later); });
  }
}
/* What is named on top as wrong leads into its field, also where an editor stands for it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-field]");
  if (!link) return;
  const field = document.getElementById(link.dataset.field);
  const chooser = field?.matches(".select2-hidden-accessible") && field.nextElementSibling?.querySelector("[role=combobox]");
  const target = window.CKEDITOR?.instances[link.dataset.field] ?? chooser ?? field;
  if (!target) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  target.focus();
  (target.container?.$ ?? target).scrollIntoView({ block: "center" });
});

window.CKEDITOR?.on("instanceReady", ({ editor: each }) => follow(each));
for (const each of Object.values(window.CKEDITOR?.instances ?? {})) if (each.status === "ready") follow(each);
