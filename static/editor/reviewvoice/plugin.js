/* Voices: what a source says, the author's personal note, a private letter, a transcript, and the line that says who spoke. */
(() => {
  "use strict";

  const voiceOf = (path, name) => path.contains((element) => element.is("div") && element.hasClass(name));

  const desk = () => CKEDITOR.plugins.reviewdesk;
  const children = (box) => box.getChildren().toArray().filter((each) => each.type === CKEDITOR.NODE_ELEMENT);
  const isWholeQuotation = (parent, blocks) => parent.is("blockquote")
    && children(parent).every((each) => blocks.some((block) => each.equals(block) || each.contains(block)));

  /* A short line like “By A. Writer, 2016”, “— Sutro, 1935” or “From a letter of 2020”. */
  function tellsWho(text) {
    const words = text.replace(/[\u200b\s]+/g, " ").trim();
    if (!words || words.length > 160) return false;
    return /^(by|from|—|–|de|del|por|per|carta)[\s\p{Lu}]/iu.test(words) && /[\d\p{Lu}]/u.test(words.slice(2)) && !/[.!?]\s\p{Lu}\p{Ll}+\s\p{Ll}/u.test(words)
      || (words.length < 100 && /\b(1[5-9]|20)\d\d[a-z]?\)?\.?$/.test(words) && /^\p{Lu}/u.test(words));
  }

  /* The blocks of the selection, raised to children of what holds them all. */
  function blocksIn(range) {
    const blocks = [];
    const iterator = range.createIterator();
    iterator.enlargeBr = false;
    let block;
    while ((block = iterator.getNextParagraph("p"))) blocks.push(block);
    if (!blocks.length) return [];
    let parent = blocks[0].getParent();
    while (!blocks.every((each) => parent.contains(each))) parent = parent.getParent();
    const inside = { ul: 1, ol: 1, table: 1, thead: 1, tbody: 1, tr: 1 };
    while (inside[parent.getName()] || isWholeQuotation(parent, blocks)) parent = parent.getParent();
    const raised = blocks.map((each) => {
      while (!each.getParent().equals(parent)) each = each.getParent();
      return each;
    });
    return raised.filter((each, index) => index === raised.findIndex((other) => other.equals(each)));
  }

  function voice(name) {
    return {
      context: "div",
      contextSensitive: true,
      allowedContent: `div(${name}); p(source)`,
      requiredContent: `div(${name})`,
      refresh(editor, path) {
        this.setState(voiceOf(path, name) ? CKEDITOR.TRISTATE_ON : CKEDITOR.TRISTATE_OFF);
      },
      exec(editor) {
        const selection = editor.getSelection();
        const range = selection.getRanges()[0];
        if (!range) return;
        const around = voiceOf(editor.elementPath(), name);
        const box = around || range.collapsed ? null : editor.document.createElement("div", { attributes: { class: name } });
        editor.fire("saveSnapshot");
        if (box) {
          wrap(box, range);
          desk().behind(editor, box);
        } else {
          const bookmarks = selection.createBookmarks();
          if (around) unwrap(around);
          else wrap(editor.document.createElement("div", { attributes: { class: name } }), range);
          selection.selectBookmarks(bookmarks);
          editor.focus();
        }
        editor.fire("saveSnapshot");
        editor.forceNextSelectionCheck();
        editor.selectionChange(true);
      },
    };
  }

  function unwrap(box) {
    if (!box.hasClass("own")) box.find("p.source").toArray().forEach((each) => each.removeClass("source"));
    box.remove(true);
  }

  /* The blocks of the selection go into the box; of a letter who wrote it comes first, and a quotation is the letter. */
  function wrap(box, range) {
    const blocks = blocksIn(range);
    if (!blocks.length) return;
    box.insertBefore(blocks[0]);
    blocks.forEach((each) => each.appendTo(box));
    if (!box.hasClass("letter")) return;
    for (const each of children(box)) if (each.is("blockquote")) each.remove(true);
    const lines = children(box);
    if (lines.length < 2) return;
    const who = lines.find((each) => each.hasClass("source"))
      || [lines[0], lines.at(-1)].find((each) => each.is("p") && tellsWho(each.getText()));
    if (who) {
      who.addClass("source");
      who.move(box, true);
    }
  }

  /* What may say who spoke: a quotation or claim at its end, a letter at its head. */
  function holderOf(editor) {
    const isHolder = (element) => element.is("blockquote")
      || (element.is("div") && (element.hasClass("letter") || element.hasClass("claim")));
    const path = editor.elementPath();
    const range = editor.getSelection() && editor.getSelection().getRanges()[0];
    const last = range && editor.elementPath(range.startContainer);
    return (path && path.contains(isHolder)) || (last && last.contains(isHolder)) || null;
  }

  const linesOf = (holder) => children(holder).filter((each) => each.is("p"));
  const sourceOf = (holder) => linesOf(holder).find((each) => each.hasClass("source")) || null;

  /* The line that says who: the one the caret is in, one that reads like it inside or right behind, else a new one. */
  function lineFor(editor, holder) {
    const lines = linesOf(holder);
    const edge = holder.hasClass("letter") ? lines[0] : lines.at(-1);
    const range = editor.getSelection().getRanges()[0];
    const here = range && range.collapsed && editor.elementPath().block;
    if (lines.length > 1 && edge && (edge.equals(here) || tellsWho(edge.getText()))) return edge;
    if (edge && !holder.hasClass("letter")) {
      const broken = lastLine(editor, edge);
      if (broken) return broken;
      const next = holder.getNext((each) => each.type === CKEDITOR.NODE_ELEMENT);
      if (next && next.is("p") && tellsWho(next.getText())) {
        holder.append(next);
        return next;
      }
    }
    const fresh = editor.document.createElement("p");
    fresh.appendBogus();
    holder.append(fresh, holder.hasClass("letter"));
    return fresh;
  }

  /* “Words.<br>By A. Writer, 2016”: what follows the last line break becomes a line of its own. */
  function lastLine(editor, paragraph) {
    const breaks = paragraph.find("br").toArray().filter((each) => each.getNext() && each.getParent().equals(paragraph));
    const at = breaks.at(-1);
    if (!at) return null;
    const rest = [];
    for (let node = at.getNext(); node; node = node.getNext()) rest.push(node);
    if (!tellsWho(rest.map((each) => each.getText()).join(""))) return null;
    const line = editor.document.createElement("p");
    line.insertAfter(paragraph);
    rest.forEach((each) => each.appendTo(line));
    at.remove();
    return line;
  }

  const source = {
    contextSensitive: true,
    allowedContent: "p(source)",
    requiredContent: "p(source)",
    refresh(editor) {
      const holder = holderOf(editor);
      if (!holder) return this.setState(CKEDITOR.TRISTATE_DISABLED);
      this.setState(sourceOf(holder) ? CKEDITOR.TRISTATE_ON : CKEDITOR.TRISTATE_OFF);
    },
    exec(editor) {
      const holder = holderOf(editor);
      if (!holder) return;
      editor.fire("saveSnapshot");
      const now = sourceOf(holder);
      if (now) {
        now.removeClass("source");
        if (!now.getAttribute("class")) now.removeAttribute("class");
      } else {
        const line = lineFor(editor, holder);
        line.addClass("source");
        const range = editor.createRange();
        range.moveToElementEditEnd(line);
        range.select();
      }
      editor.fire("saveSnapshot");
      editor.focus();
      editor.selectionChange(true);
    },
  };

  /* A quotation that ends with who said it, or is followed by it: the button is named. */
  function offerSource(editor) {
    const holder = holderOf(editor);
    if (!holder || !holder.is("blockquote") || sourceOf(holder)) return;
    const lines = linesOf(holder);
    const next = holder.getNext((each) => each.type === CKEDITOR.NODE_ELEMENT);
    const line = [lines.length > 1 && lines.at(-1), next && next.is("p") && next].find((each) => each && tellsWho(each.getText()));
    if (!line) return;
    const words = CKEDITOR.tools.htmlEncode(line.getText().trim());
    editor.showNotification(editor.lang.reviewvoice.offer.replace("%s", () => words), "info", 8000);
  }

  /* Every voice says what it is while it is written, as it will on the page; the words are the editor's, never the text's. */
  function label(lang) {
    const words = (text, after = "") => `content: "${text}"${after}`;
    CKEDITOR.addCss(`
      .claim::before { ${words(lang.claimMark)} }
      blockquote::before { ${words(lang.quoteMark)} }
      .transcript::before { ${words(lang.transcriptMark)} }
      .own::before { ${words(lang.ownMark)} }
      .own[data-date]::before { ${words(lang.ownMark, ' ", " attr(data-date)')} }
      .letter::before { ${words(lang.letterMark)} }
      .letter::after { ${words(lang.noConsentMark)} }
      .letter[data-consent]::after { ${words(lang.consentMark)} }
    `);
  }

  /* Enter in an empty last line leaves the box, as it leaves a list; else there is no way out at the end of a text. */
  function leaves(editor, event) {
    if (event.data.keyCode !== 13) return;
    const path = editor.elementPath();
    const line = path && path.block;
    const box = line && line.getParent();
    if (!box || !line.is("p") || !["claim", "transcript", "own", "letter"].some((name) => box.hasClass(name))) return;
    if (line.getText().trim() || line.findOne("img, span") || children(box).length < 2 || !children(box).at(-1).equals(line)) return;
    editor.fire("saveSnapshot");
    line.remove();
    desk().behind(editor, box, true);
    editor.fire("saveSnapshot");
    event.cancel();
  }

  let labelled = false; // such rules are every editor's of the page

  CKEDITOR.plugins.add("reviewvoice", {
    requires: "reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      const lang = editor.lang.reviewvoice;
      if (!labelled) label(lang);
      labelled = true;
      editor.addCommand("reviewclaim", voice("claim"));
      editor.addCommand("reviewtranscript", voice("transcript"));
      editor.addCommand("reviewown", voice("own"));
      editor.addCommand("reviewletter", voice("letter"));
      editor.addCommand("reviewsource", source);
      editor.on("key", (event) => leaves(editor, event));
      editor.on("afterCommandExec", (event) => {
        // Gives nothing: false would call the command off, and the browser would do what the key means once more.
        if (event.data.name === "blockquote") offerSource(editor);
      });
      editor.ui.addButton("ReviewClaim", { label: lang.claim, title: lang.claimTitle, command: "reviewclaim", toolbar: "insert,39" });
      editor.ui.addButton("ReviewTranscript", { label: lang.transcript, title: lang.transcriptTitle, command: "reviewtranscript", toolbar: "insert,31" });
      editor.ui.addButton("ReviewOwn", { label: lang.own, title: lang.ownTitle, command: "reviewown", toolbar: "insert,40" });
      editor.ui.addButton("ReviewLetter", { label: lang.letter, title: lang.letterTitle, command: "reviewletter", toolbar: "insert,41" });
      editor.ui.addButton("ReviewSource", { label: lang.source, title: lang.sourceTitle, command: "reviewsource", toolbar: "insert,42" });
    },
  });
})();
