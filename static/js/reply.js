/* “Leave a reply” and “Reply” open their form in place. Without this script they lead to the form's own page.
   What has been typed outlives everything but leaving the page: closing, another “Reply”, a refused or failed sending. */

const KEPT = ["name", "email", "replies", "role", "kind", "language", "text", "consent"];
let kept = new Map();
let open = null; // { section, link }

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.reply");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link);
});

async function show(link) {
  if (open && open.link === link) {
    firstField(open.section)?.focus();
    return;
  }
  let section;
  try {
    section = await sectionOf(await fetch(link.href, { cache: "no-store" }));
    import("./preview.js").catch(() => {}); // only an open form needs them, and does without
    import("./answered.js").catch(() => {});
  } catch {
    section = null;
  }
  if (!section) {
    location.assign(link.href);
    return;
  }
  close({ focus: false });
  place(section, link);
  restore(section);
  tell(section);
  (section.querySelector(".errors") || firstField(section) || section).focus();
}

async function sectionOf(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const section = page.querySelector("#reply");
  return section && document.adoptNode(section);
}

function place(section, link) {
  const comment = link.closest(".comment");
  if (comment) comment.after(section);
  else (link.closest(".listhead") || link).after(section);
  open = { section, link };
  dress(section);
}

/* What the form's own page says in its heading, and a way to close it; the way back is not needed here. */
function dress(section) {
  const title = document.createElement("h3");
  title.className = "title";
  title.id = "reply-title";
  title.textContent = section.dataset.title;
  section.prepend(title);
  section.removeAttribute("aria-label");
  section.setAttribute("aria-labelledby", title.id);
  section.tabIndex = -1;
  section.querySelector(".back")?.remove();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "also";
  button.textContent = section.dataset.close;
  button.addEventListener("click", () => close({ focus: true }));
  (section.querySelector(".buttons") || section).append(button);
  section.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) close({ focus: true });
  });
  section.addEventListener("input", () => remember(section));
  section.querySelector("form")?.addEventListener("submit", send);
}

/* draft.js waits for it. */
function tell(section) {
  document.dispatchEvent(new CustomEvent("reply:open", { detail: section }));
}

function close({ focus }) {
  if (!open) return;
  const { section, link } = open;
  if (section.querySelector("form")) remember(section);
  section.remove();
  open = null;
  if (focus) link.focus();
}

function firstField(section) {
  return section.querySelector("form input:not([type=hidden]), form textarea");
}

function remember(section) {
  for (const field of fields(section)) {
    if (field.type === "radio") {
      if (field.checked) kept.set(field.name, field.value);
    } else kept.set(field.name, field.type === "checkbox" ? field.checked : field.value);
  }
}

function restore(section) {
  for (const field of fields(section)) {
    if (!kept.has(field.name)) continue;
    const value = kept.get(field.name);
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.type === "checkbox") field.checked = value;
    else field.value = value;
  }
}

function fields(section) {
  return [...section.querySelectorAll("input, select, textarea")].filter((field) => KEPT.includes(field.name));
}

async function send(event) {
  event.preventDefault();
  const { section, link } = open;
  if (section.getAttribute("aria-busy") === "true") return;
  const body = new URLSearchParams(new FormData(event.target));
  if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
  section.setAttribute("aria-busy", "true");
  let answer = null;
  try {
    answer = await sectionOf(await fetch(event.target.action, { method: "POST", body }));
  } catch {
    // shown below: nothing has been lost
  }
  section.removeAttribute("aria-busy");
  if (open?.section !== section) return;
  if (!answer) {
    fail(section);
    return;
  }
  section.remove();
  if (!answer.querySelector("form")) kept.delete("text");
  place(answer, link);
  tell(answer);
  const next = answer.querySelector(".errors") || (event.submitter?.name && answer.querySelector("#id_captcha_1")) || answer;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: next === answer ? "start" : "center" });
}

function fail(section) {
  section.querySelector(".errors")?.remove();
  const box = document.createElement("div");
  box.className = "errors";
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = section.dataset.failed;
  box.append(words);
  section.querySelector("form").before(box);
  box.focus();
}
