/* “Is it answered here?”: while a question is typed, what was answered that shares its words.
   Without this script the preview shows the same list. */

const PAUSE = 700;
const WORDS = 12; // the longest words are sent, and nothing else of what is typed

document.addEventListener("input", ({ target }) => {
  if (target.name === "text") later(target.form);
});
document.addEventListener("change", ({ target }) => {
  if (target.name === "kind") later(target.form);
});

// What was typed before this came, or stands there when one comes back.
for (const section of document.querySelectorAll("[data-answered]")) {
  const form = section.closest("form");
  if (form?.elements.text?.value) later(form);
}

function later(form) {
  clearTimeout(form.answering);
  form.answering = setTimeout(() => look(form), PAUSE);
}

function wordsOf(text) {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{M}\p{N}]{3,}/gu) ?? [])];
  const kept = new Set([...words].sort((one, other) => other.length - one.length).slice(0, WORDS));
  return words.filter((word) => kept.has(word)).join(" ");
}

async function look(form) {
  const section = form.querySelector("[data-answered]");
  const words = form.elements.kind?.value === "question" ? wordsOf(form.elements.text.value) : "";
  if (!section || section.dataset.asked === words) return;
  section.dataset.asked = words;
  try {
    const answer = words.includes(" ") ? await fetch(`${section.dataset.answered}?q=${encodeURIComponent(words)}`) : null;
    if (answer && !answer.ok) return;
    const found = answer ? (await answer.json()).found : [];
    if (section.dataset.asked === words) show(section, found);
  } catch { /* no connection: the form works all the same */ }
}

function show(section, found) {
  section.querySelector("ul").replaceChildren(...found.map(({ title, url, kind, language }) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    const what = document.createElement("span");
    link.href = url;
    link.lang = language;
    link.textContent = title;
    what.className = "meta";
    what.textContent = kind;
    line.append(link, " ", what);
    return line;
  }));
  section.hidden = !found.length;
  const status = document.getElementById("status");
  if (status) status.textContent = found.length ? `${section.querySelector("h2").textContent} ${found.length}` : "";
}
