// Titles and people while one types in a search field: an editable combobox with a list, after the ARIA patterns.
// Enter without a choice submits the form, as it does without this script. Every word comes from the markup.
const PAUSE = 150;
const SHORTEST = 2;

for (const field of document.querySelectorAll("[data-suggest]")) offer(field);

function offer(field) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [];
  let active = -1;
  let timer;
  let request;
  let typed = "";

  list.id = `${field.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.list);
  status.className = "vh";
  status.setAttribute("role", "status");
  field.after(list);
  field.form.append(status);
  field.autocomplete = "off";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    choose(-1);
    field.setAttribute("aria-expanded", "false");
    status.textContent = "";
  }

  function open() {
    if (!options.length) return close();
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    status.textContent = field.dataset.count.replace("%n", options.length);
  }

  function choose(index) {
    active = index;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function show(suggestions) {
    options = suggestions.map(({ title, url, kind }, place) => {
      const option = document.createElement("li");
      const detail = document.createElement("span");
      option.id = `${list.id}-${place}`;
      option.dataset.url = url;
      option.setAttribute("role", "option");
      detail.className = "meta";
      detail.textContent = kind;
      option.append(title, " ", detail);
      return option;
    });
    list.replaceChildren(...options);
    choose(-1);
    open();
  }

  async function ask() {
    typed = field.value.trim();
    request?.abort();
    if (typed.length < SHORTEST) {
      options = [];
      return close();
    }
    request = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: request.signal });
      if (answer.ok && document.activeElement === field) show((await answer.json()).suggestions);
    } catch { /* overtaken by the next letter, or no connection: the form works all the same */ }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        if (field.value.trim() === typed) open();
        else ask();
        if (event.altKey || list.hidden) return;
      }
      const down = event.key === "ArrowDown";
      choose(down ? (active < last ? active + 1 : -1) : (active < 0 ? last : active - 1));
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(options[active].dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the first Escape closes the list, the next empties the field
      close();
    } else if (event.key === "Tab") {
      close();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight" || event.key === "Home" || event.key === "End") {
      choose(-1);
    }
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
}
