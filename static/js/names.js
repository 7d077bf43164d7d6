// Cells of the admin's tables, its pairs of date and time and its choosers have no label: column or row names them.
const words = (node) => node?.textContent.trim().replace(/\s+/g, " ").replace(/:$/, "");

function label(field) {
  const column = field.closest(".tabular td")?.className.match(/field-(\w+)/)?.[1];
  const named = column ? `thead .column-${column}` : "thead th:last-child"; // without a name: to delete the row
  const heading = field.closest(".tabular table")?.querySelector(named);
  return words(heading || field.labels?.[0] || field.closest(".form-row")?.querySelector("label, legend"));
}

function nameAll() {
  for (const field of document.querySelectorAll(".tabular td :is(input:not([type=hidden]), select, textarea), .datetime input")) {
    if (!field.labels.length && label(field)) field.setAttribute("aria-label", label(field));
  }
  const search = document.querySelector("#searchbar");
  const named = search?.labels[0]?.querySelector("img")?.alt; // a picture that is not seen is no name
  if (named) search.setAttribute("aria-label", named);
  for (const field of document.querySelectorAll("select.select2-hidden-accessible")) {
    for (const part of field.nextElementSibling.querySelectorAll("[role=combobox], [role=textbox]")) part.setAttribute("aria-label", label(field));
  }
  for (const empty of document.querySelectorAll(".tabular th.original:empty")) {
    empty.replaceWith(Object.assign(document.createElement("td"), { className: "original" }));
  }
}

// Django counts hours ahead or behind; what matters is whose clock it is, and that only where there is a time.
function tellZone() {
  const words = document.querySelector("[data-other-zone]")?.dataset.otherZone;
  for (const each of document.querySelectorAll(".timezonewarning")) {
    if (!each.closest(".form-row")?.querySelector(".datetime")) each.remove();
    else if (words) each.textContent = words;
  }
}

window.addEventListener("load", nameAll);
window.addEventListener("load", tellZone);
// The choosers are made when jQuery says so, which on a slow machine is after the page has loaded: ours stands behind theirs.
window.django?.jQuery?.(nameAll);
document.addEventListener("formset:added", () => setTimeout(nameAll));
