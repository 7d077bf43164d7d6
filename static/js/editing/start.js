/* Nothing typed into a form of the desk is lost: this joins the parts. Each of them says what it does. */

import { bar, form, ready, watch } from "./form.js";
import { loggedIn } from "./again.js";
import * as draft from "./draft.js";
import * as preview from "./preview.js";
import { isSaving, saveHere } from "./save.js";
import { say } from "./state.js";
import "./days.js";
import "./writing.js";

let leaving = false;
let pressed = false;

// Django's own script, which the form leaves out, would put the cursor into the first thing of a new form: a button of the bar.
const isField = (each) => !each.closest("#editing") && each.matches("input:not([type=hidden], [type=submit]), textarea, select") && each.offsetWidth;
const firstOf = (where) => [...form.querySelectorAll(`${where} :is(input, textarea, select)`)].find(isField);
(firstOf(":is(.errors, td:has(> .errorlist))") ?? (bar.dataset.object ? null : firstOf("fieldset")))?.focus();

// A sign of a change costs nothing here: whether there is one is told when it is kept.
watch(() => {
  if (draft.begun() && !isSaving()) say("changed");
  draft.later();
});

ready().then(() => {
  draft.begin();
  document.documentElement.dataset.editing = "ready";
  draft.bringUnsent();
});

/* Ctrl+S, also inside the editor, which is a page of its own */
function saveKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  if (!event.repeat) saveHere();
}
document.addEventListener("keydown", saveKey);
const inside = (editor) => editor.document.$.addEventListener("keydown", saveKey);
window.CKEDITOR?.on("instanceReady", ({ editor }) => {
  inside(editor);
  editor.on("contentDom", () => inside(editor));
});

/* The buttons: is there a server, is she logged in? Only then the browser may leave this page. */
form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (leaving) return;
  if (button?.name === "_preview") { // it goes into a frame beside, nothing leaves
    preview.show();
    return;
  }
  event.preventDefault();
  if (pressed) return;
  if (button?.name === "_continue") {
    saveHere();
    return;
  }
  pressed = true;
  draft.hold(true);
  say("saving");
  try {
    if (await loggedIn()) {
      await draft.idle();
      leaving = true;
      form.requestSubmit(button);
    } else say("login");
  } catch {
    saveHere();
  } finally {
    pressed = leaving;
    draft.hold(leaving);
  }
});

/* The button above the form, in what a newer version shows */
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-leave]")) leaving = true;
});

/* A letter that names no consent: the caret goes into it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-letter]");
  const editor = link && window.CKEDITOR?.instances[link.hash.slice(1)];
  const letter = editor?.editable()?.find("div.letter").getItem(Number(link.dataset.letter));
  if (!letter) return;
  event.preventDefault();
  const range = editor.createRange();
  range.moveToElementEditStart(letter);
  editor.focus();
  range.select();
  letter.scrollIntoView();
});

window.addEventListener("beforeunload", (event) => {
  if (leaving || !draft.unsaved()) return;
  draft.keepHere();
  event.preventDefault();
});
window.addEventListener("pagehide", () => {
  if (!leaving) draft.keepHere();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && !leaving) draft.keepHere();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) leaving = pressed = false;
});
