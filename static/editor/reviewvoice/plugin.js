/* Voices: what a source says, the author's personal note, a private letter, a transcript, and the line that says who spoke. */
(() => {
  "use strict";

  const voiceOf = (path, name) => path.contains((element) => element.is("div") && element.hasClass(name));

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
    while (inside[parent.getName()]) parent = parent.getParent();
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
        const bookmarks = selection.createBookmarks();
        const around = voiceOf(editor.elementPath(), name);
        if (around) {
          if (name !== "own") around.find("p.source").toArray().forEach((each) => each.removeClass("source"));
          around.remove(true);
        } else {
          const blocks = blocksIn(range);
          if (blocks.length) {
            const box = editor.document.createElement("div", { attributes: { class: name } });
            box.insertBefore(blocks[0]);
            blocks.forEach((each) => each.appendTo(box));
            const first = box.getFirst((each) => each.type === CKEDITOR.NODE_ELEMENT && each.is("p"));
            if (name === "letter" && first && blocks.length > 1) first.addClass("source");
          }
        }
        selection.selectBookmarks(bookmarks);
        editor.focus();
        editor.forceNextSelectionCheck();
        editor.selectionChange(true);
      },
    };
  }

  /* Where a source line may stand: at the end of a quotation or claim, at the head of a letter. */
  function sourceFor(path) {
    const holder = path.contains((element) => element.is("blockquote")
      || (element.is("div") && (element.hasClass("letter") || element.hasClass("claim"))));
    if (!holder) return null;
    const paragraphs = holder.getChildren().toArray().filter((each) => each.type === CKEDITOR.NODE_ELEMENT && each.is("p"));
    return (holder.hasClass("letter") ? paragraphs[0] : paragraphs[paragraphs.length - 1]) || null;
  }

  const source = {
    contextSensitive: true,
    allowedContent: "p(source)",
    requiredContent: "p(source)",
    refresh(editor, path) {
      const line = sourceFor(path);
      if (!line) return this.setState(CKEDITOR.TRISTATE_DISABLED);
      this.setState(line.hasClass("source") ? CKEDITOR.TRISTATE_ON : CKEDITOR.TRISTATE_OFF);
    },
    exec(editor) {
      const line = sourceFor(editor.elementPath());
      if (!line) return;
      if (line.hasClass("source")) line.removeClass("source");
      else line.addClass("source");
      if (!line.getAttribute("class")) line.removeAttribute("class");
      editor.focus();
      editor.selectionChange(true);
    },
  };

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
      editor.ui.addButton("ReviewClaim", { label: lang.claim, title: lang.claimTitle, command: "reviewclaim", toolbar: "insert,39" });
      editor.ui.addButton("ReviewTranscript", { label: lang.transcript, title: lang.transcriptTitle, command: "reviewtranscript", toolbar: "insert,31" });
      editor.ui.addButton("ReviewOwn", { label: lang.own, title: lang.ownTitle, command: "reviewown", toolbar: "insert,40" });
      editor.ui.addButton("ReviewLetter", { label: lang.letter, title: lang.letterTitle, command: "reviewletter", toolbar: "insert,41" });
      editor.ui.addButton("ReviewSource", { label: lang.source, title: lang.sourceTitle, command: "reviewsource", toolbar: "insert,42" });
    },
  });
})();
