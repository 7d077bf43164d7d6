/* Keeps what is typed, every few seconds after a change: here first, then on the server. Sends nothing that is kept already. */

import { bar, fields, form, hidden, written } from "./form.js";
import * as kept from "./kept.js";
import { loggedIn } from "./again.js";
import { now, say } from "./state.js";

const PAUSE = Number(bar.dataset.pause);
const LONGEST = 4 * PAUSE;
const RETRIES = [3000, 5000, 10_000, 20_000, 30_000];

let saved = null; // what is saved, or what the form began with
let sent = null; // what the server has kept
let timer = 0;
let waitingSince = 0;
let failures = 0;
let busy = false;
let underWay = Promise.resolve();
let stopped = false;
let savedAt = "";
let declined = false; // she did not want to log in again just now: the next save asks

export const begun = () => saved !== null;
export const unsaved = () => saved !== null && written() !== saved;

/* `text` is what is saved: she may have typed on meanwhile. */
export function isSaved(text) {
  saved = sent = text;
  failures = 0;
  declined = false;
  kept.drop();
  savedAt = now();
  rest();
  if (unsaved()) later();
}

const rest = () => (savedAt ? say("saved", savedAt) : say("same"));

export function begin() {
  saved = "unsaved" in bar.dataset ? "" : written();
  sent = saved;
  if (unsaved()) later();
  else rest();
}

export function later(pause = PAUSE) {
  if (saved === null) return;
  clearTimeout(timer);
  waitingSince ||= Date.now();
  timer = setTimeout(keep, Math.max(0, Math.min(pause, waitingSince + LONGEST - Date.now())));
}

/* On the way out: the browser's copy is written at once, whatever becomes of the server's. */
export function keepHere() {
  if (unsaved()) kept.keep(fields(), written() === sent);
}

export function hold(value) {
  stopped = value;
  if (!value && unsaved()) later();
}

/* Resolves once nothing is on its way: a draft that arrives after the save would be offered as unsaved. */
export const idle = () => underWay;

function keep() {
  if (!busy && !stopped) underWay = keepNow();
}

async function keepNow() {
  waitingSince = 0;
  const text = written();
  if (text === saved) {
    kept.drop();
    rest();
    return;
  }
  if (text === sent) return;
  const list = JSON.parse(text);
  kept.keep(list, false);
  busy = true;
  try {
    const answer = await send(list, hidden("_form_key").value, hidden("_base").value, hidden("_next")?.value);
    if (answer) {
      sent = text;
      failures = 0;
      kept.keep(list, true);
      say("kept", answer.saved);
    }
  } catch {
    tryAgain();
  } finally {
    busy = false;
    if (written() !== text) later();
  }
}

function tryAgain() {
  say("notKept");
  const pause = RETRIES[Math.min(failures, RETRIES.length - 1)];
  failures += 1;
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

/* What the server answered; null where it refuses for good, which is said. */
async function send(list, key, base, next, again = true) {
  const body = new FormData();
  for (const [name, value] of list) body.append(name, value);
  body.set("_form_key", key);
  body.set("_base", base);
  if (next !== undefined) body.set("_next", next);
  body.set("_object", bar.dataset.object);
  body.set("csrfmiddlewaretoken", hidden("csrfmiddlewaretoken").value);
  const answer = await fetch(bar.dataset.keep, { method: "POST", body, redirect: "manual" });
  if (answer.ok) return answer.json();
  // Sent to the login page, or with a token of before a login elsewhere.
  if ((answer.type === "opaqueredirect" || answer.status === 403) && again) {
    if (await loggedIn({ ask: !declined })) return send(list, key, base, next, false);
    declined = true;
    say("login");
    return null;
  }
  if (answer.status >= 500) throw new Error(answer.status);
  say(answer.status === 400 || answer.status === 413 ? "tooLong" : "refused");
  return null;
}

/* Words the server never saw, of a form that is gone: they go there now, and are offered. */
export async function bringUnsent() {
  for (const [key, { fields: list, base, next }] of kept.unsent()) {
    try {
      const answer = await send(list, key, base, next);
      if (!answer) return;
      kept.dropKey(key);
      offer(answer);
    } catch {
      return;
    }
  }
}

function offer({ restore, see }) {
  const box = document.createElement("p");
  box.className = "kept";
  box.append(`${bar.dataset.found} `);
  for (const [address, words] of [[restore, bar.dataset.restore], [see, bar.dataset.see]]) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = words;
    box.append(link, " ");
  }
  form.before(box);
}

window.addEventListener("online", () => later(0));
