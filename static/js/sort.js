/* Sorts a table by the column whose heading is pressed, and the other way round when it is pressed again. page.js fetches it where
   there is a table; without it the rows stand as they came. */

const FEWEST = 3;

for (const table of document.querySelectorAll("main table:not(.drawing)")) {
  const head = table.tHead?.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
  const body = table.tBodies.length === 1 ? table.tBodies[0] : null;
  const plain = body && head.length && !table.querySelector("[colspan], [rowspan]") && !table.tHead.querySelector("a, button");
  if (!plain || body.rows.length < FEWEST || [...body.rows].some((row) => row.cells.length !== head.length)) continue;
  table.classList.add("sorts-itself");
  head.forEach((cell, column) => {
    if (!cell.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => sort(table, head, column));
  });
}

function sort(table, head, column) {
  const [body] = table.tBodies;
  const down = head[column].getAttribute("aria-sort") === "ascending";
  const rows = [...body.rows].map((row) => [row, valueOf(row.cells[column])]);
  const lang = table.closest("[lang]").lang;
  const given = [...body.rows].some((row) => row.cells[column].dataset.value);
  const number = (one) => (given ? Number(one) : numberIn(one, lang));
  const numbers = rows.some(([, text]) => text) && rows.every(([, text]) => !text || !Number.isNaN(number(text)));
  const letters = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });
  const compare = numbers ? (one, other) => number(one) - number(other) : letters.compare;
  rows.sort(([, one], [, other]) => {
    if (!one || !other) return !one - !other; // what is not known stands last, either way
    return down ? compare(other, one) : compare(one, other);
  });
  body.append(...rows.map(([row]) => row));
  for (const cell of head) cell.removeAttribute("aria-sort");
  head[column].setAttribute("aria-sort", down ? "descending" : "ascending");
}

/* What a cell says, without marks of citations; nothing where nothing is known. */
function valueOf(cell) {
  if (cell.dataset.value) return cell.dataset.value;
  const copy = cell.cloneNode(true);
  for (const node of copy.querySelectorAll(".cite, .note, .unknown, .has, .compare")) node.remove();
  const text = copy.textContent.trim();
  return /^[–—·-]?$/.test(text) ? "" : text;
}

/* 1,234.5 in English, 1.234,5 in Spanish and Catalan; the first of “12 of 30”, “1990–1995”, “< 5”. */
function numberIn(text, lang) {
  const parts = new Intl.NumberFormat(lang).formatToParts(1234567.8);
  const sign = (type) => parts.find((part) => part.type === type).value;
  const found = text.match(/^[<>≤≥~≈±c. ]*([-−+]?\d[\d.,'’\s]*)/u);
  if (!found) return NaN;
  const plain = found[1].replace(/[\s'’]/gu, "").replaceAll(sign("group"), "").replace(sign("decimal"), ".").replace("−", "-");
  return parseFloat(plain);
}
