/* A figure at full size, over the page: enlarged by two fingers, by the keys + and −, or by its buttons. page.js fetches it when
   a figure is pressed; without it the link leads to the picture. */

const MOST = 6;
const STEP = 1.5;
const words = document.getElementById("status").dataset;

export function open(link) {
  const dialog = document.createElement("dialog");
  const picture = document.createElement("img");
  const caption = link.closest("figure").querySelector("figcaption")?.cloneNode(true);
  const scroller = document.createElement("div");
  const bar = document.createElement("p");
  dialog.className = "zoom";
  dialog.lang = link.closest("[lang]").lang;
  dialog.setAttribute("aria-label", link.getAttribute("aria-label"));
  picture.src = link.href;
  picture.alt = link.querySelector("img").alt;
  picture.className = link.querySelector("img").className;
  scroller.className = "glass";
  scroller.tabIndex = 0;
  scroller.append(picture);
  if (caption) {
    for (const node of caption.querySelectorAll(".note")) node.remove();
    for (const node of caption.querySelectorAll("[id]")) node.removeAttribute("id");
  }

  const grow = enlarging(scroller, picture);
  const larger = button("+", words.larger, () => grow(STEP));
  const smaller = button("−", words.smaller, () => grow(1 / STEP));
  const close = button(link.dataset.close, "", () => dialog.close());
  bar.className = "row";
  bar.append(smaller, larger, close);
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own zoom
    if (["+", "="].includes(event.key)) grow(STEP);
    else if (event.key === "-") grow(1 / STEP);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  dialog.append(bar, scroller, caption || "");
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "also";
  made.textContent = text;
  made.lang = document.documentElement.lang;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

/* Gives what enlarges the picture by a factor, about the middle of what is seen or a point of it; two fingers do the same. */
function enlarging(scroller, picture) {
  const fingers = new Map();
  let scale = 1;
  let fits = 0;

  function grow(by, x = scroller.clientWidth / 2, y = scroller.clientHeight / 2) {
    if (scale === 1) fits = picture.getBoundingClientRect().width;
    const next = Math.min(MOST, Math.max(1, scale * by));
    const factor = next / scale;
    scale = next;
    picture.style.maxInlineSize = picture.style.maxBlockSize = scale > 1 ? "none" : "";
    picture.style.inlineSize = scale > 1 ? `${fits * scale}px` : "";
    scroller.scrollTo({ left: (scroller.scrollLeft + x) * factor - x, top: (scroller.scrollTop + y) * factor - y, behavior: "instant" });
  }

  function spread() {
    const [one, other] = [...fingers.values()];
    const box = scroller.getBoundingClientRect();
    return {
      apart: Math.hypot(one.x - other.x, one.y - other.y),
      x: (one.x + other.x) / 2 - box.left,
      y: (one.y + other.y) / 2 - box.top,
    };
  }

  scroller.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse") fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  scroller.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = fingers.size === 2 && spread();
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (!before) return;
    const now = spread();
    grow(now.apart / before.apart, now.x, now.y);
  });
  for (const end of ["pointerup", "pointercancel"]) scroller.addEventListener(end, (event) => fingers.delete(event.pointerId));
  return grow;
}
