/* The author's own footnotes: words of the sentence marked as a note, set beside the line and at the end on the page. */
(() => {
  "use strict";

  const style = new CKEDITOR.style({ element: "span", attributes: { class: "fn" } });
  const noteOf = (path) => path && path.contains((element) => element.is("span") && element.hasClass("fn"));

  CKEDITOR.plugins.add("reviewnote", {
    requires: "reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      const lang = editor.lang.reviewnote;

      editor.addCommand("reviewnote", {
        contextSensitive: true,
        allowedContent: "span(fn)",
        requiredContent: "span(fn)",
        refresh(_editor, path) {
          this.setState(noteOf(path) ? CKEDITOR.TRISTATE_ON : CKEDITOR.TRISTATE_OFF);
        },
        exec() {
          const around = noteOf(editor.elementPath());
          const range = editor.getSelection().getRanges()[0];
          if (!range) return;
          if (around) {
            const bookmarks = editor.getSelection().createBookmarks();
            around.remove(true);
            editor.getSelection().selectBookmarks(bookmarks);
          } else if (range.collapsed) {
            // Nothing chosen: a note with its words selected, to be written over.
            const note = editor.document.createElement("span", { attributes: { class: "fn" } });
            note.setText(lang.words);
            editor.insertElement(note);
            const inside = editor.createRange();
            inside.selectNodeContents(note);
            inside.select();
          } else {
            editor.applyStyle(style);
          }
          editor.focus();
          editor.selectionChange(true);
        },
      });
      editor.setKeystroke(CKEDITOR.CTRL + CKEDITOR.ALT + 70, "reviewnote");
      editor.ui.addButton("ReviewNote", { label: lang.button, title: lang.title, command: "reviewnote", toolbar: "insert,15" });
    },
  });
})();
