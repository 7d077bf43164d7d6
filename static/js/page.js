// What a page does beyond reading: shows its controls, sets colours and text size, copies addresses, marks the part one
// reads, enlarges a figure, loads a video.
// Every word comes from the markup, where it is translated. With what the conversations below a page need it is one file for
// readers (publishing/storage.py).
import "./unfold.js";
import "./reply.js";
import "./draft.js";

const root = document.documentElement;

for (const control of document.querySelectorAll("[data-js]")) control.hidden = false;

const status = document.getElementById("status");

// Colours, contrast, text size: an attribute of the root element, kept for the next page. theme.js sets them for the first
// paint; it is asked for without waiting, and may come after this.
try {
  for (const name of ["theme", "contrast", "size"]) if (localStorage[name]) root.dataset[name] = localStorage[name];
} catch { /* storage refused: follow the system */ }

function choose(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  try {
    if (value) localStorage[name] = value;
    else localStorage.removeItem(name);
  } catch { /* storage refused: for this page only */ }
}

for (const name of ["theme", "size"]) {
  const choices = document.querySelectorAll(`[data-${name}-set]`);
  const value = (choice) => choice.getAttribute(`data-${name}-set`);
  const show = () => choices.forEach((each) => each.setAttribute("aria-pressed", String(value(each) === (root.dataset[name] || ""))));
  for (const choice of choices) {
    choice.addEventListener("click", () => {
      const before = choice.getBoundingClientRect().top;
      choose(name, value(choice));
      show();
      scrollBy({ top: choice.getBoundingClientRect().top - before, behavior: "instant" }); // the button stays under the finger
    });
  }
  show();
}

for (const button of document.querySelectorAll("[data-contrast-set]")) {
  const show = () => button.setAttribute("aria-pressed", String(root.dataset.contrast === "more"));
  button.addEventListener("click", () => {
    choose("contrast", root.dataset.contrast ? "" : "more");
    show();
  });
  show();
}

// A heading is the link to itself: following it copies its address.
for (const link of document.querySelectorAll("a.here")) {
  link.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      return; // not allowed here: it stands in the address bar
    }
    link.classList.add("copied");
    status.textContent = link.dataset.done;
    setTimeout(() => {
      link.classList.remove("copied");
      status.textContent = "";
    }, 3000);
  });
}

// A note that rose from the foot goes away by its own word, by Escape, or by a touch beside it; nothing moves, and the
// keyboard is back at the citation.
function risen() {
  const note = document.querySelector(".note:target");
  return note && getComputedStyle(note).position === "fixed" ? note : null;
}

function lower(note) {
  const citation = document.getElementById(note.querySelector(".close").hash.slice(1));
  const { top, bottom } = citation.getBoundingClientRect();
  location.replace("#_"); // is nowhere: nothing is a target any more, and nothing scrolls
  history.replaceState(null, "", `#${citation.id}`);
  citation.focus({ preventScroll: top >= 0 && bottom <= innerHeight });
}

document.addEventListener("keydown", (event) => {
  const note = event.key === "Escape" && !document.querySelector("dialog[open]") && risen();
  if (note) lower(note);
});
document.addEventListener("click", (event) => {
  const note = risen();
  if (!note) return;
  const inside = note.contains(event.target);
  if (inside ? !event.target.closest(".close") : event.target.closest("a, button, input, summary, label")) return;
  event.preventDefault();
  lower(note);
});

// The part one is reading, marked in the contents at the side: the last heading above the middle of the upper half.
const places = new Map();
for (const link of document.querySelectorAll('.rail a[href^="#"]')) {
  const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (place) places.set(place, link);
}
if (places.size) {
  const marks = [...places.keys()];
  const mark = () => {
    const line = innerHeight / 3;
    const bottom = scrollY + innerHeight >= root.scrollHeight - 2;
    const passed = bottom ? marks.filter((place) => place.getBoundingClientRect().top < innerHeight)
      : marks.filter((place) => place.getBoundingClientRect().top <= line);
    const current = places.get(passed.at(-1));
    for (const link of places.values()) {
      if (link === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  const watcher = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  marks.forEach((place) => watcher.observe(place));
  addEventListener("scrollend", mark);
}

// What is needed now and then comes when it is first needed, after its looks.
let dressed;
function dress() {
  dressed ??= new Promise((done) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = status.dataset.aids;
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });
  return dressed;
}

// A word explained, a figure enlarged: without scripts such a link leads where it says.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.term, a[data-zoom]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    await dress();
    const module = await (link.matches(".term") ? import("./explain.js") : import("./zoom.js"));
    await module.open(link);
  } catch {
    location.assign(link.href);
  }
});

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    const text = field.value ?? field.textContent.trim();
    if (field.select) field.select();
    else getSelection().selectAllChildren(field);
    try {
      await navigator.clipboard.writeText(text);
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
    button.closest("figure").querySelector(".still")?.remove();
    button.closest(".row").replaceWith(player);
    player.focus();
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// On a first visit, one quiet line offers the menus in the language the browser asks for, in that language; whoever puts it
// away or chooses a language is not asked again. The page is the same for everybody: the line waits in it, hidden.
const offers = new Map([...document.querySelectorAll("[data-offer]")].map((each) => [each.dataset.offer, each]));
const menus = document.querySelector(".languages [aria-current]")?.hreflang;
const wanted = navigator.languages.map((each) => each.slice(0, 2).toLowerCase()).find((each) => each === menus || offers.has(each));

function keepMenus(code) {
  try {
    localStorage.menus = code;
  } catch { /* for this page only */ }
}

try {
  const offer = offers.get(wanted);
  if (offer && !localStorage.menus) {
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", () => {
      keepMenus(menus);
      offer.remove();
      document.getElementById("main").focus({ preventScroll: true });
    });
  }
} catch { /* storage refused: it could not be put away for good, so it is not shown */ }
for (const link of document.querySelectorAll(".offer a, .languages a")) link.addEventListener("click", () => keepMenus(link.hreflang));

// The list of works is folded on a phone, where it is most of the page; whoever is sent into it finds it open.
const folds = [...document.querySelectorAll("details.fold")];
const unfold = () => {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const each of folds) if (place && each.contains(place)) each.open = true;
};
if (matchMedia("(max-width: 39.99em)").matches) for (const each of folds) each.open = false;
unfold();
addEventListener("hashchange", unfold);

// A link to a comment that stands on another page of the conversations by now, or had this number on the site it came from.
const said = /^#comment-(\d{1,18})$/.exec(location.hash);
if (said && !document.getElementById(`comment-${said[1]}`) && document.querySelector("[data-comment]")) {
  import("./comment.js").then(({ lead }) => lead(said[1])).catch(() => {});
}
addEventListener("beforeprint", () => folds.forEach((each) => { each.open = true; }));

// Notes follow their paragraph, so that no sentence is read with a note in its midst. Where there is a margin each is lifted
// to the line of its citation, below whatever stands there already; lifting moves nothing else.
const text = document.querySelector(".prose");
const aside = [...document.querySelectorAll(".prose .note, .prose figcaption")];
function lift() {
  for (const each of aside) each.style.translate = "";
  if (!matchMedia("(min-width: 68.75em)").matches) return;
  let free = -Infinity;
  for (const each of aside) {
    const box = each.getBoundingClientRect();
    if (!box.height || getComputedStyle(each).float === "none") continue;
    const mark = each.matches(".note") && document.getElementById(each.querySelector(".close").hash.slice(1));
    const wanted = mark ? Math.max(mark.getBoundingClientRect().top, free) : box.top;
    const by = Math.min(0, wanted - box.top);
    if (by) each.style.translate = `0 ${by}px`;
    free = box.bottom + by + 12;
  }
}
if (aside.length) {
  lift();
  new ResizeObserver(lift).observe(text);
  addEventListener("hashchange", lift);
}

// Only who selects something needs what is offered of a sentence, only who scrolls what keeps the place, only a table what sorts it.
if (document.querySelector("[data-mistake], [data-share]")) {
  document.addEventListener("selectionchange", () => dress().then(() => import("./mistake.js")).catch(() => {}), { once: true });
}
if (document.querySelector("main thead")) dress().then(() => import("./sort.js")).catch(() => {});
const follows = document.querySelector("[data-place]");
if (document.querySelector("[data-place], [data-continue], [data-place-off]")) {
  const follow = () => dress().then(() => import("./place.js")).catch(() => {});
  try {
    const places = JSON.parse(localStorage.places || "{}");
    if (follows && !(location.pathname in places)) addEventListener("scroll", follow, { once: true, passive: true });
    else if (!document.querySelector("[data-continue]") || Object.keys(places).length) follow();
  } catch { /* storage refused: nothing is kept, nothing to go on with */ }
}
