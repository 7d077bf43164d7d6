/* The line that says what has become of her words. Its own words are in the page, in its language. */

import { bar } from "./form.js";

const line = bar.querySelector("[data-state]");

// That her words are kept does not tell away why they are not saved.
const WHY = new Set(["errors", "newer"]);

export function say(name, more = "") {
  if (name === "kept" && WHY.has(line.dataset.state)) return;
  const text = `${bar.dataset[name] ?? ""} ${more}`.trim();
  if (line.textContent !== text) line.textContent = text;
  line.dataset.state = name;
}

/* By the clock of the site, as everything else on the desk. */
export const now = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: bar.dataset.zone });
