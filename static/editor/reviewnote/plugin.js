/* The author's own footnotes: words of the sentence marked as a note, set beside the line and at the end on the page. */
(() => {
  "use strict";

  const style = new CKEDITOR.style({ element: "span", attributes: { class: "fn" } });
  const desk = () => CKEDITOR.plugins.reviewdesk;
  const noteOf = (path) => path && path.contains((element) => element.is("span") && element.hasClass("fn"));

  CKEDITOR.dialog.add("reviewnote", (editor) => {
    const lang = editor.lang.reviewnote;
    return {
      title: lang.button,
      minWidth: 320,
      minHeight: 80,
      contents: [{
        id: "main",
        elements: [{ type: "textarea", id: "words", rows: 4, label: lang.words }, { type: "html", html: '<p class="review-said" role="alert"></p>' }],
      }],
      onLoad() {
        this.getElement().addClass("review-dialog");
      },
      onShow() {
        this.setValueOf("main", "words", "");
        this.getElement().findOne(".review-said").setText("");
      },
      onOk() {
        const words = this.getValueOf("main", "words").trim().replace(/\s+/g, " ");
        if (!words) {
          this.getElement().findOne(".review-said").setText(lang.wordsFirst);
          return false;
        }
        const note = editor.document.createElement("span", { attributes: { class: "fn" } });
        note.setText(words);
        editor.fire("saveSnapshot");
        editor.insertElement(note);
        desk().behind(editor, note);
        editor.fire("saveSnapshot");
      },
    };
  });

  CKEDITOR.plugins.add("reviewnote", {
    requires: "dialog,reviewdesk",
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
            editor.openDialog("reviewnote");
            return;
          } else {
            editor.applyStyle(style);
            const path = editor.elementPath(editor.getSelection().getRanges()[0].endContainer);
            const note = noteOf(path) || noteOf(editor.elementPath());
            if (note) desk().behind(editor, note);
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
