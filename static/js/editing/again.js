/* Whether she is still logged in; if not, her password is asked for over the page, and the page stays. */

import { offer } from "../passkeys.js";
import { bar, setToken } from "./form.js";
import { say } from "./state.js";

const dialog = document.querySelector("[data-again-dialog]");
let asking = null;

/* True once she is logged in, with the form's token fresh; false where she does not want to now. Throws without a server. */
export async function loggedIn({ ask = true } = {}) {
  const answer = await fetch(`${bar.dataset.again}?whose=${bar.dataset.user}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  const said = await answer.json();
  if (said.in) {
    setToken(said.token);
    return true;
  }
  if (!ask) return false;
  asking ??= askIn(said.form).finally(() => { asking = null; });
  return asking;
}

/* The server writes the questions, one step after another, until it says she is in: a second factor is one more step. */
function askIn(html) {
  say("login");
  return new Promise((resolve) => {
    const done = (value) => {
      dialog.removeEventListener("cancel", later);
      dialog.close();
      dialog.replaceChildren();
      resolve(value);
    };
    const later = () => done(false);
    const show = (text) => {
      const parsed = new DOMParser().parseFromString(text, "text/html");
      dialog.replaceChildren(...parsed.body.childNodes);
      offer(dialog);
      const name = dialog.querySelector("[name$=username]");
      if (name && !name.value) name.value = bar.dataset.username;
      dialog.querySelector("[data-later]").addEventListener("click", later);
      dialog.querySelector("form").addEventListener("submit", send);
      (dialog.querySelector("[type=password]") ?? dialog.querySelector("input:not([type=hidden])"))?.focus();
    };
    const send = async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const body = new FormData(event.target);
      body.set("whose", bar.dataset.user);
      try {
        const answer = await fetch(bar.dataset.again, { method: "POST", body });
        if (answer.status === 429) return tell(bar.dataset.locked);
        const said = await answer.json();
        if (!said.in) return show(said.form);
        setToken(said.token);
        done(true);
      } catch {
        tell(bar.dataset.notSaved);
      }
    };
    show(html);
    dialog.addEventListener("cancel", later);
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[type=password]")?.focus();
  });
}

function tell(words) {
  const line = dialog.querySelector(".errornote") ?? document.createElement("p");
  line.className = "errornote";
  line.setAttribute("role", "alert");
  line.textContent = words;
  dialog.querySelector("form").prepend(line);
}
