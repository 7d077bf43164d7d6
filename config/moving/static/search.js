// Searches in a copy of the site. The texts come as a script, for a page opened from a disk may
// fetch nothing; they are asked for when there is something to look for.
"use strict";

(() => {
  const found = document.getElementById("found");
  const count = document.getElementById("count");
  const field = document.getElementById("q");
  const query = (new URLSearchParams(location.search).get("q") || "").slice(0, 400);
  const MOST = 50;
  const OTHERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", ı: "i" };

  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")
    .replace(/l[·.]l/g, "ll").replace(/[ßæœøđłı]/g, (sign) => OTHERS[sign]);
  const plain = (text) => ` ${fold(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;

  function asked(text) {
    const wanted = [], unwanted = [];
    for (const [, minus, phrase, other, word] of
      text.matchAll(/(-?)(?:"([^"]+)"|[“«]([^”»]+)[”»]|(\S+))/gu)) {
      const term = plain(phrase || other || word).trimEnd();
      if (term) (minus ? unwanted : wanted).push(term);
    }
    return { wanted, unwanted };
  }

  // How well a page answers: 0 is not at all. A title weighs more than what is said once.
  function weight({ wanted, unwanted }, title, text) {
    if (unwanted.some((term) => title.includes(term) || text.includes(term))) return 0;
    let total = 0;
    for (const term of wanted) {
      const named = title.includes(term) ? 10 : 0;
      const often = Math.min(text.split(term).length - 1, 8);
      if (!named && !often) return 0;
      total += named + often;
    }
    return total;
  }

  function excerpt(text, wanted) {
    const words = text.split(" ");
    const holds = (word) => wanted.some((term) => plain(word).includes(` ${term.trim().split(" ")[0]}`));
    const at = Math.max(words.findIndex(holds), 0);
    const start = Math.max(at - 12, 0);
    const line = document.createElement("p");
    if (start) line.append("… ");
    for (const word of words.slice(start, start + 45)) {
      const mark = document.createElement(holds(word) ? "mark" : "span");
      mark.textContent = word;
      line.append(mark, " ");
    }
    if (start + 45 < words.length) line.append("…");
    return line;
  }

  function show(rows, terms) {
    const list = document.createElement("ol");
    list.className = "hits";
    for (const [, title, file, text] of rows.slice(0, MOST)) {
      const item = document.createElement("li"), head = document.createElement("h2");
      const link = document.createElement("a");
      link.href = `${found.dataset.root}/${file.split("/").map(encodeURIComponent).join("/")}`;
      link.textContent = title;
      head.className = "hit";
      head.append(link);
      item.append(head, excerpt(text, terms.wanted));
      list.append(item);
    }
    found.append(list);
  }

  window.searchCopy = (pages) => {
    const terms = asked(query);
    const rows = terms.wanted.length ? pages
      .map(([title, file, text]) => [weight(terms, plain(title), plain(text)), title, file, text])
      .filter(([points]) => points).sort((one, other) => other[0] - one[0]) : [];
    count.textContent = rows.length ? found.dataset.count.replace("%n", rows.length)
      : found.dataset.none.replace("%q", query);
    show(rows, terms);
  };

  field.value = query;
  if (query.trim()) {
    const index = document.createElement("script");
    index.src = found.dataset.index;
    document.body.append(index);
  }
})();
