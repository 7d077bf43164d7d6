/* “Preview” shows what is typed beside the form, as wide as a phone or a laptop is.
   Without this script the same button opens it as a page of its own. */

import { fields, form } from "./form.js";

// Where there is no more room than this, the page is shown as on a phone first.
const NARROW = 500;
const panel = document.querySelector("#preview");
const frame = panel?.querySelector("iframe");
const screen = panel?.querySelector(".screen");
const button = form.querySelector("[name=_preview]");

/* Before the browser sends the form into the frame. */
export function show() {
  fields();
  open();
}

function open() {
  if (panel.hidden) {
    panel.hidden = false;
    document.documentElement.classList.add("previewing");
    if (screen.clientWidth < NARROW) press(panel.querySelector("[data-width]"));
    fit();
  }
}

function press(button) {
  for (const each of panel.querySelectorAll("[data-width]")) each.setAttribute("aria-pressed", each === button);
}

function fit() {
  const width = Number(panel.querySelector("[aria-pressed=true]").dataset.width);
  const scale = Math.min(1, screen.clientWidth / width);
  frame.style.width = `${width}px`;
  frame.style.height = `${screen.clientHeight / scale}px`;
  frame.style.transform = `scale(${scale})`;
}

if (panel) {
  document.body.append(panel);
  button.formTarget = "preview";
  // What this page is a translation of is a link into the same frame.
  form.querySelector("[data-original]")?.addEventListener("click", open);
  addEventListener("resize", () => panel.hidden || fit());
  panel.addEventListener("click", ({ target }) => {
    const pressed = target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.width) {
      press(pressed);
      fit();
    } else if ("refresh" in pressed.dataset) form.requestSubmit(button);
    else {
      panel.hidden = true;
      document.documentElement.classList.remove("previewing");
      button.focus();
    }
  });
}
