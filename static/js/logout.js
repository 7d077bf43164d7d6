/* Who logs out leaves no words behind in this browser: now, and once the page is left, which keeps them a last time. */

function forget() {
  for (const name of Object.keys(localStorage)) if (name.startsWith("desk:")) localStorage.removeItem(name);
}

document.querySelector("#logout-form")?.addEventListener("submit", forget);
if (location.pathname.endsWith("/logout/")) forget();
