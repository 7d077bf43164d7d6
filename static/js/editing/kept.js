/* What this browser keeps of open forms, until it is saved, thrown away, or she logs out. */

import { bar, hidden } from "./form.js";

const PREFIX = "desk:";
const WEEK = 7 * 24 * 60 * 60 * 1000;
const place = () => `${PREFIX}${bar.dataset.user}:${bar.dataset.keep}:${bar.dataset.object}:`;
const name = () => place() + hidden("_form_key").value;

export function keep(fields, sent) {
  const value = JSON.stringify({ fields, sent, base: hidden("_base").value, next: hidden("_next")?.value, at: Date.now() });
  try {
    localStorage.setItem(name(), value);
  } catch { /* full or refused: the server's copy has to do */ }
}

export function drop() {
  localStorage.removeItem(name());
}

/* `[key, kept]` of other forms of the same thing that the server has never seen; what it has seen is forgotten here. */
export function unsent() {
  const found = [];
  for (const each of Object.keys(localStorage)) {
    if (!each.startsWith(PREFIX)) continue;
    const kept = read(each);
    if (!(kept?.at > Date.now() - WEEK)) localStorage.removeItem(each);
    else if (each.startsWith(place()) && each !== name()) {
      if (kept.sent) localStorage.removeItem(each);
      else found.push([each.slice(place().length), kept]);
    }
  }
  return found;
}

export function dropKey(key) {
  localStorage.removeItem(place() + key);
}

function read(each) {
  try {
    return JSON.parse(localStorage.getItem(each));
  } catch {
    return null;
  }
}
