/* Explains a word where it stands: what its own page says of it opens beneath its line, on a phone at the foot. page.js fetches this
   when a word is pressed; without it the word leads to that page. */

let shown = null;

export async function open(link) {
  const again = shown?.link === link;
  close(again);
  if (again) return;
  const response = await fetch(link.href);
  const page = response.ok && new DOMParser().parseFromString(await response.text(), "text/html");
  const said = page ? [...page.querySelectorAll("[data-explained]")] : [];
  if (!said.length) throw new Error(response.status);
  close(false);
  const panel = made(link, page, said);
  shown = { link, panel };
  link.after(panel);
  link.setAttribute("aria-expanded", "true");
  panel.focus({ preventScroll: true });
  if (getComputedStyle(panel).position !== "fixed") panel.scrollIntoView({ block: "nearest" });
}

function made(link, page, said) {
  const panel = document.createElement("div");
  const head = document.createElement("b");
  const words = document.createElement("div");
  const foot = document.createElement("p");
  const more = document.createElement("a");
  const away = document.createElement("button");
  const { explainedMore, explainedClose } = page.querySelector("h1").dataset;
  head.textContent = page.querySelector("h1").textContent;
  head.lang = page.querySelector("h1").lang;
  for (const each of said) {
    const part = document.createElement("div");
    part.lang = each.lang || page.documentElement.lang;
    part.append(...[...each.childNodes].map((node) => document.importNode(node, true)));
    words.append(part);
  }
  words.id = "explained";
  more.href = link.href;
  more.textContent = explainedMore;
  away.type = "button";
  away.className = "plain";
  away.textContent = explainedClose;
  away.addEventListener("click", () => close(true));
  foot.lang = page.documentElement.lang;
  foot.append(more, " ", away);
  panel.className = "meaning";
  panel.tabIndex = -1;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", head.textContent);
  panel.setAttribute("aria-describedby", words.id);
  panel.append(head, words, foot);
  return panel;
}

function close(andBack) {
  if (!shown) return;
  const { link, panel } = shown;
  shown = null;
  panel.remove();
  link.removeAttribute("aria-expanded");
  if (andBack) link.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && shown) close(true);
});
document.addEventListener("click", (event) => {
  if (shown && !shown.panel.contains(event.target) && event.target !== shown.link) close(false);
});
document.addEventListener("focusin", (event) => {
  if (shown && !shown.panel.contains(event.target) && event.target !== shown.link) close(false);
});
