/* A sentence that is selected, by pointer or by keyboard, can be reported as a mistake, and its address copied: two links stand
   beside it, next in the order of Tab. page.js fetches this when something is first selected. Without it the link at the end of
   the page leads to the same form. */

const PAUSE = 300;
const LONGEST = 600;
const ENDS = 5; // words at either end of a sentence that name it
const GAP = "\ufffc"; // where a mark stands, which to a browser is words
const MARKS = ".cite, .note, .fn, .vh, .on-selection, .meaning";
const plain = document.querySelector("[data-mistake]");
const shares = document.querySelector("[data-share]");
const status = document.getElementById("status");
const place = document.createElement("span");
const report = plain && offered(plain.dataset.mistake, "mistake-here");
const address = shares && offered(shares.dataset.share, "share-here");
let timer = 0;

place.className = "on-selection";
place.hidden = true;
place.lang = document.documentElement.lang;
if (report) report.rel = "nofollow";
address?.addEventListener("click", copy);
document.addEventListener("selectionchange", later);
later();

function offered(words, name) {
  const link = document.createElement("a");
  link.className = name;
  link.textContent = words;
  place.append(link);
  return link;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(offer, PAUSE);
}

function offer() {
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const block = range && blockOf(range.endContainer);
  const sentence = block ? sentenceOf(range, block) : "";
  const quote = sentence.replaceAll(GAP, "").replace(/\s+/g, " ").replace(/ (?=[.,;:])/g, "").trim();
  if (!quote) {
    if (!place.contains(document.activeElement)) place.hidden = true;
    return;
  }
  if (report) {
    const form = new URL(plain.href);
    form.searchParams.set("quote", quote.slice(0, LONGEST));
    report.href = form;
  }
  if (address) address.href = addressOf(sentence, block);
  block.after(place);
  place.hidden = false;
}

/* The paragraph, item or cell of the text the selection ends in; what readers say and forms are not the text. */
function blockOf(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  if (!element?.closest("main") || element.closest("form, .replies, .thread")) return null;
  return element.closest("p, blockquote, li, h1, h2, h3, figcaption, table") ?? null;
}

/* Whole sentences of the block, those that the selection touches, with GAP for marks of citations and notes. */
function sentenceOf(range, block) {
  if (!range.toString().trim()) return "";
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let text = "";
  let start = -1;
  let end = -1;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(MARKS)) {
      text += GAP;
      continue;
    }
    if (range.intersectsNode(node)) {
      if (start < 0) start = text.length + (node === range.startContainer ? range.startOffset : 0);
      end = text.length + (node === range.endContainer ? range.endOffset : node.length);
    }
    text += node.data;
  }
  const pieces = Intl.Segmenter
    ? [...new Intl.Segmenter(block.closest("[lang]")?.lang, { granularity: "sentence" }).segment(text)]
    : [{ segment: text, index: 0 }];
  const touched = pieces.filter((each) => each.index < end && each.index + each.segment.length > start);
  return touched.map((each) => each.segment).join("");
}

/* The page's address with the sentence: a browser that knows text fragments shows and marks it, any other the part it stands in.
   Of a long sentence, or one with a mark, only its ends are named. */
function addressOf(sentence, block) {
  const parts = [...document.querySelectorAll("main :is(h2, h3)[id]")];
  const part = parts.findLast((each) => each.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING);
  const runs = sentence.split(GAP).map((each) => each.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").split(/\s+/)).filter(([word]) => word);
  if (!runs.length) return `${location.origin}${location.pathname}#${part?.id ?? ""}`;
  const named = runs.length === 1 && runs[0].length <= 2 * ENDS ? [runs[0].join(" ")]
    : [runs[0].slice(0, ENDS).join(" "), runs.at(-1).slice(-ENDS).join(" ")];
  const text = named.map((each) => encodeURIComponent(each).replaceAll("-", "%2D")).join(",");
  return `${location.origin}${location.pathname}#${part?.id ?? ""}:~:text=${text}`;
}

async function copy(event) {
  try {
    event.preventDefault();
    await navigator.clipboard.writeText(address.href);
  } catch {
    location.assign(address.href); // not allowed here: it stands in the address bar
    return;
  }
  const { share, shared } = shares.dataset;
  address.textContent = status.textContent = shared;
  setTimeout(() => {
    address.textContent = share;
    status.textContent = "";
  }, 3000);
}
