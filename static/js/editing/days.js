/* A day typed with the day first becomes what the form writes for it: she sees how it is read, and the calendar beside it reads nothing else. */

const DAY_FIRST = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})\s*$/;

document.addEventListener("change", ({ target }) => {
  const found = target.matches?.(".vDateField") && DAY_FIRST.exec(target.value);
  if (!found) return;
  const [day, month, year] = found.slice(1).map(Number);
  const meant = new Date(year, month - 1, day);
  if (meant.getMonth() === month - 1 && meant.getDate() === day) target.value = meant.strftime(window.get_format("DATE_INPUT_FORMATS")[0]);
}, true);
