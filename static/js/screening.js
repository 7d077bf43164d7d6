/* Screening by keyboard: a key presses its button, and the next record comes without a new page.
   Where anything goes wrong the form is sent as it is. */
const place = document.querySelector("[data-screening]");
let busy = false;

async function decide(form, button) {
  const data = new FormData(form);
  data.set("do", button.value);
  data.set("part", "1");
  busy = true;
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    place.innerHTML = await answer.text();
    place.querySelector("article")?.focus({ preventScroll: true });
    place.scrollIntoView();
  } catch {
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "hidden", name: "do", value: button.value });
    form.append(chosen);
    form.submit();
  } finally {
    busy = false;
    place.removeAttribute("aria-busy");
  }
}

place?.addEventListener("submit", (event) => {
  if (!event.submitter?.name) return;
  event.preventDefault();
  if (!busy) decide(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || busy) return;
  if (event.target.closest("input, textarea, select")) return;
  const button = place?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});
