/* Pictures of the evidence: a link to them in a figure, which the site draws when the text is saved. */
(() => {
  "use strict";

  /* What an address of ours says: which picture, and what the studies are chosen by. */
  function read(address) {
    const url = new URL(address || "/", window.location.origin);
    return { part: url.hash.slice(1), chosen: url.searchParams };
  }

  CKEDITOR.dialog.add("reviewpicture", (editor) => {
    const lang = editor.lang.reviewpicture;
    let editing;
    let offered = { address: "", pictures: [] };

    function fill(field, rows, chosen) {
      field.clear();
      for (const [value, words] of rows) field.add(words, value);
      if (chosen && !rows.some(([value]) => value === chosen)) field.add(chosen, chosen);
      field.setValue(chosen);
    }

    async function offer(dialog) {
      const { part, chosen } = read(editing ? editing.data.address : "");
      const field = (id) => dialog.getContentElement("main", id);
      try {
        offered = await CKEDITOR.plugins.reviewdesk.ask(editor, "pictures", {});
      } catch (error) {
        field("said").getElement().setText(error.message);
        return;
      }
      const all = [["", lang.all]];
      fill(field("part"), offered.pictures, part || offered.pictures[0][0]);
      fill(field("design"), [...all, ...offered.designs], chosen.get("design") || "");
      fill(field("subject"), [...all, ...offered.subjects], chosen.get("tag") || "");
      if (!editing) field("title").setValue(offered.pictures[0][1]);
    }

    /* As the first of the titles offered, until she wrote another. */
    function follow() {
      const dialog = this.getDialog();
      const title = dialog.getContentElement("main", "title");
      const known = offered.pictures.map(([, words]) => words);
      const words = (offered.pictures.find(([name]) => name === this.getValue()) || [])[1];
      if (words && (!title.getValue() || known.includes(title.getValue()))) title.setValue(words);
    }

    function address(dialog) {
      const { chosen } = read(editing ? editing.data.address : "");
      for (const [name, id] of [["design", "design"], ["tag", "subject"]]) {
        const value = dialog.getValueOf("main", id);
        if (value) chosen.set(name, value);
        else chosen.delete(name);
      }
      const query = chosen.toString();
      return `${offered.address}${query ? `?${query}` : ""}#${dialog.getValueOf("main", "part")}`;
    }

    return {
      title: lang.title,
      minWidth: 300,
      minHeight: 120,
      contents: [{
        id: "main",
        elements: [
          { type: "select", id: "part", label: lang.part, items: [], onChange: follow },
          { type: "select", id: "design", label: lang.design, items: [["", ""]] },
          { type: "select", id: "subject", label: lang.subject, items: [["", ""]] },
          { type: "text", id: "title", label: lang.name, validate: CKEDITOR.dialog.validate.notEmpty(lang.nameFirst) },
          { type: "html", id: "said", html: `<p role="status">${lang.drawn}</p>` },
        ],
      }],
      onLoad() {
        this.getElement().addClass("review-dialog");
      },
      onShow() {
        editing = CKEDITOR.plugins.reviewdesk.focused(editor, "reviewplot");
        this.setValueOf("main", "title", editing ? editing.data.title : "");
        offer(this);
      },
      onOk() {
        if (!offered.address) return false;
        const data = { address: address(this), title: this.getValueOf("main", "title").trim() };
        if (editing) return void editing.setData(data);
        const { insert, linkFigureHtml } = CKEDITOR.plugins.reviewdesk;
        insert(editor, linkFigureHtml("plot", data));
      },
    };
  });

  CKEDITOR.plugins.add("reviewpicture", {
    requires: "dialog,widget,reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      CKEDITOR.plugins.reviewdesk.linkFigure(editor, {
        name: "reviewplot", kind: "plot", dialog: "reviewpicture", button: "ReviewPicture", pathName: "picture", toolbar: "insert,35",
        allowedContent: "figure(plot); a[!href]; figcaption",
      });
    },
  });
})();
