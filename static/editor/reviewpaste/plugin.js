/* What comes from elsewhere is cleaned by the site; a long text goes there in pieces. */
(() => {
  "use strict";

  const LONGEST = 1_000_000; // characters of a piece
  const MOST_NODES = 15_000;
  const MOST_PIECES = 40;

  /* Where the site cannot clean it, the words alone are pasted, and never nothing. */
  async function pasteClean(editor, html, plain) {
    const words = editor.lang.reviewdesk;
    const bookmarks = editor.getSelection().createBookmarks();
    let cleaned = null;
    try {
      // Pictures in the text itself are not kept, and would make it too long to send.
      cleaned = await clean(editor, html.replace(/(src=["']?)data:[^"'\s>]*/gi, "$1data:,"));
    } catch (error) {
      editor.showNotification(`${words.plainOnly} ${error.message}`, "warning");
    }
    if (editor.status !== "ready") return;
    editor.focus();
    editor.getSelection().selectBookmarks(bookmarks);
    editor.fire("saveSnapshot");
    if (cleaned && cleaned.html) editor.insertHtml(inLine(cleaned.html));
    else editor.insertText(plain || new DOMParser().parseFromString(html, "text/html").body.textContent);
    editor.fire("saveSnapshot");
    for (const notice of cleaned ? cleaned.notices : []) editor.showNotification(CKEDITOR.tools.htmlEncode(notice), "info", 12000);
    editor.fire("afterPaste", { type: "html" });
  }

  async function clean(editor, html) {
    const { pieces, top } = inPieces(html);
    const words = editor.lang.reviewdesk;
    if (pieces.length > MOST_PIECES) throw new Error(words.tooLong);
    const shown = pieces.length > 1 ? editor.showNotification(words.pasting, "progress", 0) : null;
    const found = { html: "", notices: [] };
    try {
      for (const [number, piece] of pieces.entries()) {
        const form = new FormData();
        form.append("html", piece);
        if (top) form.append("top", top);
        const part = await CKEDITOR.plugins.reviewdesk.send(editor, "paste", form);
        found.html += part.html;
        found.notices.push(...part.notices.filter((each) => !found.notices.includes(each)));
        if (shown) shown.update({ progress: (number + 1) / pieces.length });
      }
    } finally {
      if (shown) shown.hide();
    }
    return found;
  }

  /* `{pieces: [HTML], top}`: a short text as it is. Of a long one each piece has the footnotes its marks lead to; `top` is the
     level of its first heading, which no piece alone knows. */
  function inPieces(html) {
    if (html.length <= LONGEST) return { pieces: [html], top: "" };
    const page = new DOMParser().parseFromString(html, "text/html");
    const around = [];
    let holder = page.body;
    while (holder.children.length === 1 && !ownText(holder) && holder.firstElementChild.children.length > 1 && !holder.firstElementChild.matches("table, p")) {
      holder = holder.firstElementChild;
      around.unshift(holder.cloneNode(false));
    }
    const notes = notesOf(page);
    for (const note of new Set(notes.values())) note.remove();
    const parts = [];
    let length = Infinity, nodes = 0;
    for (const each of [...holder.childNodes]) {
      const size = (each.outerHTML || each.data || "").length;
      const count = each.querySelectorAll ? each.querySelectorAll("*").length + 1 : 1;
      if (length + size > LONGEST || nodes + count > MOST_NODES) {
        parts.push(page.createElement("div"));
        length = nodes = 0;
      }
      parts.at(-1).append(each);
      length += size;
      nodes += count;
    }
    const pieces = parts.map((part) => {
      const own = new Set([...part.querySelectorAll("a[href*='#']")].map((link) => notes.get(link)).filter(Boolean));
      return whole(page, around.reduce((inside, each) => wrapped(each, inside), part.innerHTML) + [...own].map((note) => note.outerHTML).join(""));
    });
    return { pieces, top: topOf(page, parts) };
  }

  const ownText = (node) => [...node.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());

  function wrapped(element, inside) {
    const copy = element.cloneNode(false);
    copy.innerHTML = inside;
    return copy.outerHTML;
  }

  /* With what tells which program wrote it. */
  function whole(page, body) {
    const root = page.documentElement.cloneNode(false).outerHTML.replace("</html>", "");
    const by = page.querySelector("meta[name=generator i]");
    return `${root}<head>${by ? by.outerHTML : ""}</head><body>${body}</body></html>`;
  }

  /* The block of the footnote each mark leads to: what stands behind the mark and links back. */
  function notesOf(page) {
    const found = new Map();
    for (const link of page.body.querySelectorAll("a[href*='#']")) {
      const name = link.hash.slice(1);
      const target = name && (page.getElementById(name) || page.getElementsByName(name)[0]);
      if (!target || !(link.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      const block = target.matches("div, li, aside, dd") ? target : target.closest("div[id], li, aside, dd, p");
      const back = block && (block.matches("a[href*='#']") || block.querySelector("a[href*='#']"));
      if (back && block !== page.body && !block.contains(link)) found.set(link, block);
    }
    return found;
  }

  function topOf(page, parts) {
    for (const level of [1, 2, 3, 4, 5, 6]) {
      const asked = `h${level}, [role=heading][aria-level="${level}"]${level === 1 ? ", p.MsoTitle" : ""}`;
      if (parts.some((part) => part.querySelector(asked))) return parts.some((part) => part.querySelector("p.MsoTitle")) ? "0" : String(level);
    }
    return "";
  }

  /* One paragraph goes into the sentence it is pasted into. */
  function inLine(html) {
    const one = /^<p>([^]*)<\/p>$/.exec(html);
    return one && !one[1].includes("</p>") ? one[1] : html;
  }

  CKEDITOR.plugins.add("reviewpaste", {
    requires: "reviewdesk,notification",
    init(editor) {
      editor.on("paste", (event) => {
        const outside = event.data.dataTransfer.getTransferType(editor) === CKEDITOR.DATA_TRANSFER_EXTERNAL;
        const html = outside && event.data.type === "html" && event.data.dataTransfer.getData("text/html", true);
        if (!html) return;
        event.cancel();
        pasteClean(editor, html, event.data.dataTransfer.getData("text/plain", true));
      }, null, null, 2);
    },
  });
})();
