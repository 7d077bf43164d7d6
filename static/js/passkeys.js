/* Passkeys: the browser is asked, and its answer goes into the form's field `credential`. Without them the buttons stay hidden. */

const known = window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.PublicKeyCredential.prototype.toJSON;

/* Shows what needs passkeys, in the page or in a dialog that has just been filled. */
export function offer(place = document) {
  if (!known) return;
  for (const each of place.querySelectorAll(".passkey[hidden]")) each.hidden = false;
  for (const each of place.querySelectorAll(".without-passkeys")) each.hidden = true;
}

async function optionsOf(button) {
  const given = button.dataset.passkeyNew || button.dataset.passkey;
  if (given) return JSON.parse(given).publicKey;
  const form = button.form;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).publicKey;
}

async function ask(button) {
  const options = await optionsOf(button);
  const kind = window.PublicKeyCredential;
  return "passkeyNew" in button.dataset
    ? navigator.credentials.create({ publicKey: kind.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: kind.parseRequestOptionsFromJSON(options) });
}

function tell(button) {
  const line = button.form.querySelector("[data-passkey-failed]") ?? document.createElement("p");
  line.className = "errornote";
  line.dataset.passkeyFailed = "";
  line.setAttribute("role", "alert");
  line.textContent = button.dataset.failed;
  button.form.prepend(line);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey], [data-passkey-new]");
  if (!button) return;
  try {
    const answer = await ask(button);
    button.form.querySelector("[name$=credential]").value = JSON.stringify(answer);
    button.form.requestSubmit();
  } catch {
    tell(button); // refused, gone, or too late
  }
});
offer();
