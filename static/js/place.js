/* Where one is in a text: a thin mark at the top of the screen, and “continue where you were” on another day. The place is kept in
   this browser alone; “Forget” and the switch at the end of the text take it away. page.js fetches this when somebody scrolls, or
   comes back. */

const MOST = 20;
const text = document.querySelector("[data-place]");
const line = document.querySelector("[data-continue]");
const here = location.pathname;

function kept() {
  try {
    return JSON.parse(localStorage.places || "{}");
  } catch {
    return {};
  }
}

function keep(places) {
  try {
    if (Object.keys(places).length) localStorage.places = JSON.stringify(places);
    else delete localStorage.places;
  } catch { /* storage refused: nothing is kept */ }
}

function isOff() {
  try {
    return localStorage.keepPlace === "no";
  } catch {
    return true;
  }
}

function forget(path) {
  const places = kept();
  delete places[path];
  keep(places);
}

function offer(path, place, go) {
  const link = line.querySelector("a");
  link.href = path;
  const [words] = line.querySelectorAll("[data-where]");
  words.textContent = place.title;
  words.lang = place.lang;
  line.hidden = false;
  if (go) link.addEventListener("click", (event) => { event.preventDefault(); line.hidden = true; go(); });
  line.querySelector("button").addEventListener("click", () => {
    forget(path);
    line.hidden = true;
    document.getElementById("main").focus({ preventScroll: true });
  });
}

switches();
if (text) read();
else if (line && !isOff()) {
  const [last] = Object.entries(kept()).sort(([, one], [, other]) => other.at - one.at);
  if (last) offer(`${last[0]}#:continue`, last[1]);
}

function read() {
  const bar = document.createElement("div");
  const blocks = [...text.children];
  let timer = 0;
  bar.className = "progress";
  document.body.append(bar);

  const share = () => {
    const box = text.getBoundingClientRect();
    return Math.min(1, Math.max(0, (innerHeight - box.top) / box.height));
  };
  const draw = () => { bar.style.scale = `${text.getBoundingClientRect().top > 0 ? 0 : share()} 1`; };
  const store = () => {
    if (isOff()) return;
    const at = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 80);
    const whole = share();
    if (at < 2 || whole >= 1) {
      if (whole >= 1) forget(here); // read to the end
      return;
    }
    const heading = blocks.slice(0, at + 1).findLastIndex((block) => block.id);
    const place = {
      after: heading < 0 ? "" : blocks[heading].id,
      by: at - Math.max(heading, 0),
      title: document.querySelector("h1").textContent.trim(),
      lang: document.querySelector("h1").closest("[lang]").lang,
      at: Date.now(),
    };
    const rest = Object.entries({ ...kept(), [here]: place }).sort(([, one], [, other]) => other.at - one.at);
    keep(Object.fromEntries(rest.slice(0, MOST)));
  };
  const go = (place) => {
    const from = place.after ? blocks.findIndex((block) => block.id === place.after) : 0;
    const block = from < 0 ? null : blocks[Math.min(from + place.by, blocks.length - 1)];
    if (!block) return;
    block.scrollIntoView({ block: "start" });
    block.tabIndex = -1;
    block.focus({ preventScroll: true });
  };

  const place = kept()[here];
  if (place && !isOff()) {
    if (location.hash === "#:continue") {
      history.replaceState(null, "", here);
      go(place);
    } else if (line && !location.hash) offer("#", place, () => go(place));
  }
  addEventListener("scroll", () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(store, 400);
  }, { passive: true });
  addEventListener("pagehide", () => { if (timer) store(); });
  draw();
  if (scrollY) timer = setTimeout(store, 400);
}

function switches() {
  for (const button of document.querySelectorAll("[data-place-off]")) {
    const show = () => button.setAttribute("aria-pressed", String(isOff()));
    button.addEventListener("click", () => {
      try {
        if (isOff()) delete localStorage.keepPlace;
        else localStorage.keepPlace = "no";
      } catch { /* storage refused: it was never kept */ }
      if (isOff()) keep({});
      show();
    });
    show();
  }
}
