/* The one form of a page of the desk: what is in it now, and when that changes. The editor's text counts as a field. */

export const bar = document.querySelector("#editing");
export const form = bar.closest("form");

const OWN = /^(csrfmiddlewaretoken$|_|initial-)/;
const editors = () => Object.values(window.CKEDITOR?.instances ?? {}).filter((each) => each.status === "ready");

/* Every field with its value, as the server will get it; files are left to the real save. */
export function fields() {
  for (const editor of editors()) editor.updateElement();
  return [...new FormData(form)].filter(([name, value]) => !OWN.test(name) && typeof value === "string");
}

export const written = () => JSON.stringify(fields());

export function hidden(name) {
  return form.elements[name];
}

export function setToken(token) {
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
}

/* `changed()` is called at every sign of a change; whether there is one is told by comparing. */
export function watch(changed) {
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // The choosers speak jQuery alone.
  window.django?.jQuery(form).on("change", changed);
  document.addEventListener("formset:added", changed);
  document.addEventListener("formset:removed", changed);
  const listen = (editor) => editor.on("change", changed);
  window.CKEDITOR?.on("instanceReady", ({ editor }) => listen(editor));
  editors().forEach(listen);
}

/* Resolves once every editor of the page shows its text, so that what it writes differently is no change of hers. */
export function ready() {
  const waiting = () => [...form.querySelectorAll("textarea[data-type=ckeditortype]:not([id*=__prefix__])")]
    .filter((field) => window.CKEDITOR?.instances[field.id]?.status !== "ready");
  return new Promise((resolve) => {
    const look = () => (window.CKEDITOR && waiting().length ? setTimeout(look, 50) : resolve());
    if (document.readyState === "complete") look();
    else window.addEventListener("load", look);
  });
}
