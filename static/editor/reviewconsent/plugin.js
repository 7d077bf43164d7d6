/* Under which consent a private letter is published: chosen from the records kept in the admin. */
(() => {
  "use strict";

  const letterOf = (editor) => {
    const path = editor.elementPath();
    return path && path.contains((element) => element.is("div") && element.hasClass("letter"));
  };

  CKEDITOR.dialog.add("reviewconsent", (editor) => {
    const lang = editor.lang.reviewconsent;
    let letter;
    return {
      title: lang.title,
      minWidth: 320,
      minHeight: 80,
      contents: [{
        id: "main",
        elements: [
          { type: "select", id: "consent", label: lang.which, items: [[lang.none, ""]] },
          { type: "html", html: `<p class="review-said" role="status">${lang.hint}</p>` },
          { type: "html", html: `<details class="review-make"><summary>${lang.make}</summary></details>` },
        ],
      }],
      onLoad() {
        this.getElement().addClass("review-dialog");
        const box = this.getElement().findOne(".review-make").$;
        CKEDITOR.plugins.reviewdesk.maker(editor, box, {
          send: "consent",
          button: lang.makeButton,
          fields: [
            { name: "who", label: lang.who },
            { name: "shown_as", label: lang.shownAs },
            { name: "given", label: lang.given, type: "date" },
            { name: "scope", label: lang.scope, type: "textarea" },
          ],
          done: (made) => {
            const field = this.getContentElement("main", "consent");
            field.add(made.label, String(made.id));
            field.setValue(String(made.id));
            this.getElement().findOne(".review-said").setText(lang.made);
          },
        });
      },
      async onShow() {
        letter = letterOf(editor);
        const field = this.getContentElement("main", "consent");
        const now = letter ? letter.getAttribute("data-consent") || "" : "";
        const said = this.getElement().findOne(".review-said");
        field.clear();
        field.add(lang.none, "");
        try {
          const data = await CKEDITOR.plugins.reviewdesk.ask(editor, "consents", {});
          data.consents.forEach(({ id, label }) => field.add(label, String(id)));
          said.setText(data.consents.length ? lang.hint : lang.nothing);
        } catch (error) {
          said.setText(error.message);
        }
        // The author's own words instead of a record stay what they are.
        if (now && !/^\d+$/.test(now)) field.add(now, now);
        field.setValue(now);
      },
      onOk() {
        const value = this.getValueOf("main", "consent");
        if (!letter) return;
        editor.fire("saveSnapshot");
        if (value) letter.setAttribute("data-consent", value);
        else letter.removeAttribute("data-consent");
        editor.fire("saveSnapshot");
      },
    };
  });

  CKEDITOR.plugins.add("reviewconsent", {
    requires: "dialog,reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      const lang = editor.lang.reviewconsent;
      const command = new CKEDITOR.dialogCommand("reviewconsent", {
        allowedContent: "div[data-consent](letter)",
        requiredContent: "div[data-consent]",
      });
      command.contextSensitive = 1;
      command.refresh = function () {
        this.setState(letterOf(editor) ? CKEDITOR.TRISTATE_OFF : CKEDITOR.TRISTATE_DISABLED);
      };
      editor.addCommand("reviewconsent", command);
      editor.ui.addButton("ReviewConsent", { label: lang.button, title: lang.title, command: "reviewconsent", toolbar: "insert,43" });
    },
  });
})();
