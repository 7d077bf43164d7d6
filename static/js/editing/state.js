/* The line that says what has become of her words. Its own words are in the page, in its language. */

import { bar } from "./form.js";

const line = bar.querySelector("[data-state]");

export function say(name, more = "") {
  const text = `${bar.dataset[name] ?? ""} ${more}`.trim();
  if (line.textContent !== text) line.textContent = text;
  line.dataset.state = name;
}

export const now = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
