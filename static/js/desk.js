/* The answering desk by keyboard, drafts kept while she types, snippets and citations put where the cursor is.
   Every step is a button or a link of the page; this script only presses it. */

const PAUSE = 1500;
const $ = (selector, from = document) => from.querySelector(selector);
const text = $("#id_answer-text");
const inField = () => document.activeElement?.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.documentElement.classList.add("js");
for (const each of document.querySelectorAll("[data-help], [data-cite]")) each.hidden = false;

/* Keys */
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape" && inField() && !$("dialog[open]")) return document.activeElement.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.activeElement === text) {
    event.preventDefault();
    return $("#answer [value=answer]").click();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || inField() || $("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (event.key === "?") return act(event, () => $("[data-help-dialog]").showModal());
  if (key === "r" && text) return act(event, () => focusOn(text));
  if (!/^[a-z]$/.test(key)) return;
  const target = $(`[data-key="${key}"]`);
  if (target) act(event, () => press(target));
});

function act(event, doing) {
  event.preventDefault();
  if (!event.repeat) doing();
}

function press(target) {
  if (target.localName !== "summary") return target.click();
  const details = target.parentElement;
  details.open = true;
  focusOn($("textarea", details));
}

function focusOn(field) {
  field.focus();
  field.setSelectionRange?.(field.value.length, field.value.length);
  field.scrollIntoView({ block: "nearest" });
}

$("[data-help]")?.addEventListener("click", () => $("[data-help-dialog]").showModal());

/* Choosing shows at once */
const choose = $("[data-choose]");
choose?.addEventListener("change", () => choose.requestSubmit());

/* The page beside the comment opens where it was written. A “#” in its address would move this page too. */
const frame = $("iframe[data-anchor]");
const showPlace = () => {
  const place = frame.contentDocument?.getElementById(frame.dataset.anchor);
  if (place) frame.contentWindow.scrollTo({ top: place.getBoundingClientRect().top + frame.contentWindow.scrollY, behavior: "instant" });
};
frame?.addEventListener("load", showPlace);
if (frame?.contentDocument?.readyState === "complete") showPlace();

/* Drafts */
const form = $("#answer");
if (form) keepDrafts();

function keepDrafts() {
  const said = $("output", form);
  let kept = text.value;
  let timer;
  let request;

  async function keep() {
    clearTimeout(timer);
    if (text.value === kept) return;
    const words = text.value;
    request?.abort();
    request = new AbortController();
    const body = new FormData();
    body.set("answer-text", words);
    body.set("csrfmiddlewaretoken", $("[name=csrfmiddlewaretoken]", form).value);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, signal: request.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      kept = words;
      said.textContent = `${form.dataset.saved} ${(await answer.json()).saved}`;
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = form.dataset.unsaved;
    }
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  text.addEventListener("blur", keep);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    request?.abort();
    kept = text.value;
  });
  window.addEventListener("beforeunload", (event) => {
    if (text.value !== kept) event.preventDefault();
  });
}

function insert(words) {
  text.focus();
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Snippets: those in the language of the comment come first */
const snippets = $("[name=snippet]");
if (snippets) {
  const mine = $("[data-mine]", snippets);
  if (mine) snippets.value = mine.value;
  $("[data-snippet]").addEventListener("click", (event) => {
    event.preventDefault();
    insert(snippets.selectedOptions[0]?.dataset.text ?? "");
  });
}

/* Citing */
const cite = $("[data-cite-dialog]");
if (cite) {
  const query = $("input", cite);
  const found = $(".found", cite);
  let timer;
  let newest = 0;

  $("[data-cite]").addEventListener("click", () => {
    query.value = "";
    cite.showModal();
    look();
  });
  $("[data-close]", cite).addEventListener("click", () => cite.close());
  cite.addEventListener("close", () => text.focus());
  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 200);
  });
  cite.addEventListener("keydown", (event) => {
    const rows = [...found.querySelectorAll("button")];
    const here = rows.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      (rows[here + step] ?? query).focus();
    } else if (event.key === "Enter" && document.activeElement === query && rows.length) {
      event.preventDefault();
      rows[0].click();
    }
  });

  async function look() {
    const turn = ++newest;
    try {
      const answer = await fetch(`${cite.dataset.address}?q=${encodeURIComponent(query.value.trim())}`);
      const { references } = await answer.json();
      if (turn === newest) found.replaceChildren(...(references.length ? references.map(row) : [cite.dataset.none]));
    } catch {
      if (turn === newest) found.replaceChildren(cite.dataset.failed);
    }
  }

  function row({ citekey, label, title }) {
    const button = document.createElement("button");
    const name = document.createElement("b");
    button.type = "button";
    name.textContent = label;
    button.append(name, " ", title);
    button.addEventListener("click", () => {
      cite.close();
      insert(`[@${citekey}]`);
    });
    return button;
  }
}
