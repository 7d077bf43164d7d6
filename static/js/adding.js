// The form of a new work: the fields follow the kind of work, and people are offered while one types their names.
// Without this script all fields are there, the rarer ones folded away, and names are matched when the form is saved.
const PAUSE = 150;
const SHORTEST = 2;

const kind = document.querySelector("#id_type");
const table = document.querySelector("#fields-of-kinds");
if (kind && table) follow(kind, JSON.parse(table.textContent));
for (const field of document.querySelectorAll("[data-people]")) offer(field);

function follow(kind, fields) {
  const row = (name) => document.querySelector(`.form-row.field-${name}`);
  const [first, more] = [row("title").parentElement, document.querySelector("fieldset.more")];
  const folded = more.querySelector("details") ?? more;
  const own = new Set([...folded.querySelectorAll(".form-row"), ...first.querySelectorAll(".form-row")]);
  kind.addEventListener("change", () => {
    const shown = (fields[kind.value] ?? []).map(row).filter((each) => own.has(each));
    for (const each of own) if (each !== row("type") && !shown.includes(each)) folded.append(each);
    for (const each of shown) row("type").before(each);
  });
}

function offer(field) {
  const list = document.createElement("ul");
  const id = `${field.id}-people`;
  let active = -1;
  let timer;
  let request;

  Object.assign(list, { id, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.list);
  field.after(list);
  field.autocomplete = "off";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  close();

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    choose(-1);
    field.setAttribute("aria-expanded", "false");
  }

  function choose(index) {
    active = index;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[active].id);
  }

  // The name the caret stands in: from the last semicolon before it to the next one.
  function around() {
    const caret = field.selectionStart;
    const start = field.value.lastIndexOf(";", caret - 1) + 1;
    const end = field.value.indexOf(";", caret);
    return [start, end < 0 ? field.value.length : end];
  }

  function take(name) {
    const [start, end] = around();
    const before = field.value.slice(0, start) + (start ? " " : "") + name;
    field.setRangeText(before, 0, end, "end");
    if (end >= field.value.length || !field.value.slice(before.length).trim()) {
      field.setRangeText("; ", before.length, field.value.length, "end");
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  }

  async function ask() {
    const typed = field.value.slice(...around()).trim();
    request?.abort();
    if (typed.length < SHORTEST) return close();
    request = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.people}?q=${encodeURIComponent(typed)}`, { signal: request.signal });
      if (!answer.ok || document.activeElement !== field) return;
      const { people } = await answer.json();
      list.replaceChildren(...people.map((name, place) => {
        const option = document.createElement("li");
        option.id = `${id}-${place}`;
        option.setAttribute("role", "option");
        option.textContent = name;
        return option;
      }));
      choose(-1);
      list.hidden = !people.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
    } catch { /* overtaken by the next letter, or no connection: the form works all the same */ }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      choose(down ? (active < last ? active + 1 : -1) : (active < 0 ? last : active - 1));
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(list.children[active].textContent);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option.textContent);
  });
  field.addEventListener("blur", close);
}
