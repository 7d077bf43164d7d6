// How far a long import is, without loading the page again and again; when it is through, its report is shown.
const EVERY = 1500;

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const there = page.querySelector("#progress[data-runs]");
    if (!there) {
      location.reload();
      return;
    }
    const here = document.querySelector("#progress");
    const [bar, words] = [here.querySelector("progress"), here.querySelector("[role=status]")];
    const told = there.querySelector("progress");
    if (told.hasAttribute("value")) bar.value = told.value;
    // The bar stays: a new one would be read out from the start.
    words.replaceChildren(bar, there.querySelector("[role=status]").lastChild.textContent);
  } catch {
    // Nobody answered this time; the next look tells.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
