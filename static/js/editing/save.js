/* Ctrl+S saves in place: the form is sent as the button would send it, and what the server's page says is put into this one. */

import { bar, form, hidden, written } from "./form.js";
import { loggedIn } from "./again.js";
import * as draft from "./draft.js";
import { say } from "./state.js";

const PATIENCE = 4000;
const ROWS = ".inline-group[data-inline-type=tabular]";
let saving = false;
let timer = 0;

/* True if it is saved. Without a server it says so and goes on trying. */
export async function saveHere() {
  if (saving) return false;
  saving = true;
  draft.hold(true);
  clearTimeout(timer);
  say("saving");
  const focused = document.activeElement?.closest(ROWS) ? document.activeElement.id : "";
  rest(true);
  try {
    if (!(await loggedIn())) {
      say("login");
      return false;
    }
    await draft.idle();
    const text = written();
    const body = new FormData(form);
    body.set("_continue", "1");
    const answer = await fetch(form.action || location.href, { method: "POST", body });
    if (answer.status >= 500) throw new Error(answer.status);
    return take(answer, new DOMParser().parseFromString(await answer.text(), "text/html"), text);
  } catch {
    say("notSaved");
    timer = setTimeout(saveHere, PATIENCE);
    return false;
  } finally {
    saving = false;
    draft.hold(false);
    rest(false);
    if (focused) document.getElementById(focused)?.focus();
  }
}

/* Rows are drawn anew once they are saved: what would be typed into them meanwhile would be lost. */
function rest(value) {
  for (const group of form.querySelectorAll(ROWS)) group.inert = value;
}

export const isSaving = () => saving;

function take(answer, page, text) {
  const theirs = page.querySelector("#editing")?.closest("form");
  if (!theirs) { // sent elsewhere: what is asked for there has to be answered there
    say("refused");
    return false;
  }
  forget();
  if (answer.status === 409) {
    hidden("_base").value = theirs.elements._base.value;
    if (hidden("_next")) hidden("_next").value = theirs.elements._next.value;
    form.before(document.adoptNode(page.querySelector("#newer")));
    say("newer");
    document.querySelector("#newer-title").focus();
    return false;
  }
  if (!answer.redirected) {
    showErrors(theirs, page);
    say("errors");
    return false;
  }
  history.replaceState(null, "", answer.url);
  const typedOn = written() !== text;
  follow(theirs, page, new Map(JSON.parse(text)));
  draft.isSaved(typedOn ? text : written());
  return true;
}

/* What an earlier answer had put here. */
function forget() {
  for (const each of document.querySelectorAll("#newer, form.kept, #restored, .errornote")) if (!each.closest("dialog")) each.remove();
  for (const each of form.querySelectorAll("ul.errorlist")) each.remove();
  for (const each of form.querySelectorAll(".errors")) each.classList.remove("errors");
}

function showErrors(theirs, page) {
  const note = page.querySelector(".errornote");
  if (note) bar.after(document.adoptNode(note));
  document.querySelector("#before-public")?.remove();
  const before = page.querySelector("#before-public");
  if (before) form.before(document.adoptNode(before));
  for (const list of theirs.querySelectorAll("ul.errorlist")) {
    const row = list.closest(".form-row, td, .fieldBox");
    const field = row?.querySelector("input, select, textarea");
    const here = field && form.elements[field.name];
    const mine = (here?.length && !here.options ? here[0] : here)?.closest(".form-row, td, .fieldBox");
    if (mine) {
      mine.classList.add("errors");
      mine.prepend(document.adoptNode(list));
    } else bar.after(document.adoptNode(list));
  }
  const first = form.querySelector(".errors input:not([type=hidden]), .errors select, .errors textarea");
  first?.focus();
}

/* The form is now the one the server has: its key and version, the rows that are stored, what it filled in by itself. */
function follow(theirs, page, sent) {
  for (const name of ["_form_key", "_base", "_restored", "_next", "csrfmiddlewaretoken"]) {
    if (theirs.elements[name] && hidden(name)) hidden(name).value = theirs.elements[name].value;
  }
  // Why this was saved is said of this save, not of the next one.
  for (const each of form.querySelectorAll("[data-once]")) {
    if (each.type === "checkbox") each.checked = false;
    else each.value = "";
  }
  bar.dataset.object = page.querySelector("#editing").dataset.object;
  delete bar.dataset.unsaved;
  followBar(page.querySelector("#editing"));
  for (const theirField of theirs.elements) {
    const mine = theirField.name && form.elements[theirField.name];
    if (!mine || mine.length !== undefined && !mine.options || theirField.closest(".tabular")) continue;
    if (!/^(text|textarea|hidden|number|url|email|select-one)$/.test(theirField.type) || theirField.dataset.type === "ckeditortype") continue;
    if (theirField.name.startsWith("_") || mine.value !== (sent.get(theirField.name) ?? mine.value)) continue;
    if (mine.value !== theirField.value) mine.value = theirField.value;
  }
  for (const selector of [".object-tools", "#next-version", "#content > h1", "#content > h2", ".breadcrumbs", ".messagelist"]) replace(page, selector);
  for (const field of form.querySelectorAll("input[type=file]")) {
    const row = page.getElementById(field.id)?.closest(".form-row");
    if (row) field.closest(".form-row").replaceWith(document.adoptNode(row));
  }
  const shown = theirs.querySelectorAll(".readonly");
  form.querySelectorAll(".readonly").forEach((node, index) => shown[index] && node.replaceChildren(...shown[index].cloneNode(true).childNodes));
  for (const group of form.querySelectorAll(ROWS)) redraw(group, page.getElementById(group.id));
}

/* A page that has just been made, or has just become public, can be linked to, given a reason and kept as a next version. */
function followBar(theirs) {
  for (const [selector, before] of [["[data-colleague]", "[name=_preview]"], [".why", "[name=_continue]"], ["[name=_keep_next]", "[name=_continue]"]]) {
    const mine = bar.querySelector(selector);
    const fresh = theirs.querySelector(selector);
    if (mine && !fresh) mine.remove();
    else if (fresh && !mine) bar.querySelector(before)?.before(document.adoptNode(fresh));
  }
}

function replace(page, selector) {
  const theirs = page.querySelector(selector);
  const mine = document.querySelector(selector);
  if (mine && theirs) mine.replaceWith(document.adoptNode(theirs));
  else if (theirs && selector === "#content > h2") document.querySelector("#content > h1").after(document.adoptNode(theirs));
  else if (theirs && selector === ".object-tools") form.before(document.adoptNode(theirs));
  else if (theirs && selector === ".messagelist") document.querySelector("#main, #container")?.querySelector(".content")?.prepend(document.adoptNode(theirs));
  else if (mine && selector === ".messagelist") mine.remove();
}

/* Rows stand in another order once they are stored, and have numbers: the whole group comes from the server. */
function redraw(group, theirs) {
  if (!theirs) return;
  const fresh = document.adoptNode(theirs);
  group.replaceWith(fresh);
  const $ = window.django.jQuery;
  const { name, options } = JSON.parse(fresh.dataset.inlineFormset);
  const rows = `${name}-group .tabular.inline-related tbody:first > tr.form-row`;
  $(rows).tabularFormset(rows, options);
  $(fresh).find(".admin-autocomplete").not("[name*=__prefix__]").djangoAdminSelect2();
  document.dispatchEvent(new CustomEvent("formset:added"));
}
