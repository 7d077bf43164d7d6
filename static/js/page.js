// What a page does beyond reading: shows its controls, sets the page colours, copies its address, loads a video.
// Every word comes from the markup, where it is translated.
const root = document.documentElement;

for (const control of document.querySelectorAll("[data-js]")) control.hidden = false;

const choices = document.querySelectorAll("[data-theme-set]");

function showChoice() {
  for (const choice of choices) {
    choice.setAttribute("aria-pressed", String(choice.dataset.themeSet === (root.dataset.theme || "")));
  }
}

for (const choice of choices) {
  choice.addEventListener("click", () => {
    const theme = choice.dataset.themeSet;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    try {
      if (theme) localStorage.theme = theme;
      else localStorage.removeItem("theme");
    } catch { /* storage refused: for this page only */ }
    showChoice();
  });
}
showChoice();

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      return; // not allowed here: the address is selected, to be copied by hand
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 4000);
  });
}

for (const button of document.querySelectorAll("[data-load]")) {
  button.addEventListener("click", () => {
    const player = document.createElement("iframe");
    player.src = button.dataset.load;
    player.title = button.dataset.title;
    player.allow = "fullscreen; picture-in-picture";
    player.referrerPolicy = "strict-origin-when-cross-origin";
    player.className = "player";
    button.closest(".row").replaceWith(player);
    player.focus();
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
