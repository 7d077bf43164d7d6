/* Moving rows by pointer and by keyboard. The form is sent as a button would send it; what the server's page says is put in here,
   so that the place on the page, the focus and the reading aloud stay. */

const content = () => document.querySelector("#content-main");
const said = () => document.querySelector("[data-said]");
const INDENT = 26;
const EDGE = 60;
let last = Promise.resolve(); // keys may come faster than answers: each waits for the one before

document.documentElement.classList.add("dragging-on");

/* Sends `fields` and shows the page that answers; the focus goes back to `focus(new document)`. */
function send(fields, focus) {
  last = last.then(() => post(fields, focus));
}

async function post(fields, focus) {
  const form = document.querySelector("[data-form]");
  const body = new FormData(form);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.querySelector("[data-form]")) {
      location.reload(); // the login has ended: the page asks for it
      return;
    }
    const words = [...page.querySelectorAll(".messagelist li")].map((each) => each.textContent.trim()).join(" ");
    const place = scrollY;
    const live = said(); // stays in the page, so that its new words are read out
    const fresh = document.adoptNode(page.querySelector("#content-main"));
    fresh.querySelector("[data-said]").replaceWith(live);
    const writing = document.activeElement?.matches("textarea") && document.activeElement.id;
    carryOver(form, fresh, body);
    content().replaceWith(fresh);
    document.querySelector(".messagelist")?.remove();
    scrollTo({ top: place, behavior: "instant" });
    const target = (writing && document.getElementById(writing)) || focus();
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest" });
    live.textContent = "";
    requestAnimationFrame(() => { live.textContent = words; });
  } catch {
    said().textContent = document.querySelector("[data-form]").dataset.away;
  }
}

/* What was typed while the answer was on its way. */
function carryOver(form, fresh, sent) {
  for (const field of form.querySelectorAll("textarea")) {
    const mine = fresh.querySelector(`textarea[name="${field.name}"]`);
    if (mine && field.value !== sent.get(field.name)) mine.value = field.value;
  }
}

/* Remarks that are not kept yet are not left behind unasked. */
let leaving = false;
const unsaved = () => [...document.querySelectorAll("[data-form] textarea")].some((field) => field.value !== field.defaultValue);
addEventListener("submit", (event) => { leaving = !event.defaultPrevented && event.target.matches("[data-form]"); });
addEventListener("beforeunload", (event) => { if (!leaving && unsaved()) event.preventDefault(); });

const row = (pk) => document.querySelector(`[data-chapter="${pk}"]`);
const back = (pk, button) => () => {
  const again = button && document.querySelector(`button[name=step][value="${button}"]`);
  return again && !again.disabled ? again : row(pk)?.querySelector("a, summary, textarea");
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=step]");
  if (!button) return;
  event.preventDefault();
  send({ step: button.value }, back(button.value.split("-")[1], button.value));
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".undo")) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  send(fields, back(fields.chapter));
});

const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };
document.addEventListener("keydown", (event) => {
  const here = event.target.closest("[data-chapter]");
  const way = KEYS[event.key];
  if (!here || !way || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.matches("textarea")) return;
  event.preventDefault();
  if (!event.repeat && here.querySelector(`button[value^="${way}-"]`)) send({ step: `${way}-${here.dataset.chapter}` }, back(here.dataset.chapter));
});

/* The pointer */

let drag = null;
const line = document.createElement("div");
line.className = "dropping";

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip");
  if (!grip || event.button) return;
  event.preventDefault();
  const dragged = grip.closest("[data-chapter]");
  const depth = Number(dragged.dataset.depth ?? 0);
  const family = [dragged]; // what stands below it goes with it
  for (let next = dragged.nextElementSibling; next && Number(next.dataset.depth ?? 0) > depth; next = next.nextElementSibling) family.push(next);
  grip.setPointerCapture(event.pointerId);
  drag = { dragged, depth, family, x: event.clientX, y: event.clientY, grip, pointer: event.pointerId, drop: null };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 4 && !drag.drop) return;
  for (const each of drag.family) each.classList.add("dragged");
  if (event.clientY < EDGE) scrollBy(0, -12);
  if (event.clientY > innerHeight - EDGE) scrollBy(0, 12);
  drag.drop = place(event);
  show(drag.drop);
});

document.addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { dragged, drop } = drag;
  stop();
  if (drop && !drop.same) send({ chapter: dragged.dataset.chapter, under: drop.under, before: drop.before, section: drop.section }, back(dragged.dataset.chapter));
});
document.addEventListener("pointercancel", () => stop());
document.addEventListener("keydown", (event) => event.key === "Escape" && stop());

function stop() {
  if (!drag) return;
  for (const each of drag.family) each.classList.remove("dragged");
  line.remove();
  drag = null;
}

const level = (each) => Number(each?.dataset.depth ?? 0);

/* The gap the pointer is nearest to, and the level it means there: how far it went sideways, as deep as the row above allows. */
function place(event) {
  const lists = [...document.querySelectorAll("ol.arrange")];
  const y = event.clientY;
  const list = lists.find((each) => y < each.getBoundingClientRect().bottom) ?? lists.at(-1);
  const rows = [...list.children].filter((each) => !drag.family.includes(each));
  let index = rows.findIndex((each) => { const box = each.getBoundingClientRect(); return y < box.top + box.height / 2; });
  if (index < 0) index = rows.length;
  const above = rows[index - 1];
  const below = rows[index];
  const flat = "flat" in list.dataset;
  const most = above && !flat ? level(above) + 1 : 0;
  const least = below ? Math.min(level(below), most) : 0;
  const wanted = drag.depth + Math.round((event.clientX - drag.x) / INDENT);
  const depth = Math.max(least, Math.min(most, wanted));
  let under = "";
  for (let up = index - 1; depth && up >= 0; up--) if (level(rows[up]) === depth - 1) { under = rows[up].dataset.chapter; break; }
  let before = "";
  for (let down = index; down < rows.length && level(rows[down]) >= depth; down++) if (level(rows[down]) === depth) { before = rows[down].dataset.chapter; break; }
  const box = (above ?? below ?? list).getBoundingClientRect();
  return { under, before, section: list.dataset.section ?? "", depth, y: above ? box.bottom : box.top, left: list.getBoundingClientRect().left, right: list.getBoundingClientRect().right };
}

function show(drop) {
  document.body.append(line);
  line.style.top = `${drop.y - 2}px`;
  line.style.left = `${drop.left + drop.depth * INDENT}px`;
  line.style.width = `${drop.right - drop.left - drop.depth * INDENT}px`;
}
