/* A sentence that is selected, by pointer or by keyboard, can be reported as a mistake: a link stands beside it,
   and next in the order of Tab. page.js fetches it when something is first selected. Without this script the link at the end of the page leads to the same form. */

const PAUSE = 300;
const LONGEST = 600;
const plain = document.querySelector("[data-mistake]");
const link = document.createElement("a");
let timer = 0;

link.className = "mistake-here";
link.rel = "nofollow";
link.hidden = true;
link.textContent = plain.dataset.mistake;
link.lang = document.documentElement.lang;

document.addEventListener("selectionchange", later);
later();

function later() {
  clearTimeout(timer);
  timer = setTimeout(offer, PAUSE);
}

function offer() {
  const selection = getSelection();
  const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
  const block = range && blockOf(range.endContainer);
  const quote = block ? sentenceOf(range, block) : "";
  if (!quote) {
    if (document.activeElement !== link) link.hidden = true;
    return;
  }
  const address = new URL(plain.href);
  address.searchParams.set("quote", quote);
  link.href = address;
  block.after(link);
  link.hidden = false;
}

/* The paragraph, item or cell of the text the selection ends in; what readers say and forms are not the text. */
function blockOf(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  if (!element?.closest("main") || element.closest("form, .replies, .thread")) return null;
  return element.closest("p, blockquote, li, h1, h2, h3, figcaption, table") ?? null;
}

/* Whole sentences of the block, those that the selection touches, without marks of citations and notes. */
function sentenceOf(range, block) {
  if (!range.toString().trim()) return "";
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let text = "";
  let start = -1;
  let end = -1;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".cite, .note, .fn, .vh, .mistake-here")) continue;
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
  return touched.map((each) => each.segment).join("").replace(/\s+/g, " ").replace(/ (?=[.,;:])/g, "").trim().slice(0, LONGEST);
}
