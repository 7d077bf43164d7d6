/* Videos by address: a link with a title, which the page offers to play only when the reader asks for it. */
(() => {
  "use strict";

  function address(editor, typed) {
    try {
      const url = new URL(/^https?:\/\//i.test(typed) ? typed : `https://${typed}`);
      return editor.config.reviewVideoHosts.includes(url.hostname) ? url.href : null;
    } catch {
      return null;
    }
  }

  CKEDITOR.dialog.add("reviewvideo", (editor) => {
    const lang = editor.lang.reviewvideo;
    let editing;
    const alts = new Map();

    /* The newest figures, and the one chosen before however old it is. */
    async function offerStills(field, chosen) {
      field.clear();
      field.add(lang.noStill, "");
      if (chosen) field.add(chosen.split("/").at(-1), chosen);
      field.setValue(chosen);
      try {
        const { images } = await CKEDITOR.plugins.reviewdesk.ask(editor, "images", { q: "" });
        for (const { src, title, alt } of images) {
          alts.set(src, alt);
          if (src !== chosen) field.add(title, src);
        }
      } catch { /* without them a video has no picture, which is no reason to stop */ }
    }
    return {
      title: lang.title,
      minWidth: 300,
      minHeight: 120,
      contents: [{
        id: "main",
        elements: [
          { type: "text", id: "address", label: lang.address, validate() {
            return Boolean(address(editor, this.getValue().trim())) || lang.otherHost;
          } },
          { type: "text", id: "title", label: lang.name, validate: CKEDITOR.dialog.validate.notEmpty(lang.nameFirst) },
          { type: "select", id: "still", label: lang.still, items: [[lang.noStill, ""]] },
        ],
      }],
      onLoad() {
        this.getElement().addClass("review-dialog");
      },
      onShow() {
        editing = CKEDITOR.plugins.reviewdesk.focused(editor, "reviewfilm");
        this.setValueOf("main", "address", editing ? editing.data.address : "");
        this.setValueOf("main", "title", editing ? editing.data.title : "");
        offerStills(this.getContentElement("main", "still"), editing ? editing.data.still : "");
      },
      onOk() {
        const data = {
          address: address(editor, this.getValueOf("main", "address").trim()),
          title: this.getValueOf("main", "title").trim(),
          still: this.getValueOf("main", "still"),
        };
        const alt = alts.get(data.still) || "";
        if (editing && editing.data.still !== data.still) data.alt = alt;
        if (editing) return void editing.setData(data);
        const { escape, insert, linkFigureHtml } = CKEDITOR.plugins.reviewdesk;
        const still = data.still ? `<img src="${escape(data.still)}" alt="${escape(alt)}">` : "";
        insert(editor, linkFigureHtml("video", data, still));
      },
    };
  });

  CKEDITOR.plugins.add("reviewvideo", {
    requires: "dialog,widget,reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      CKEDITOR.plugins.reviewdesk.linkFigure(editor, {
        name: "reviewfilm", kind: "video", dialog: "reviewvideo", button: "ReviewVideo", pathName: "video", toolbar: "insert,30",
        allowedContent: "figure(video); img[src,alt]; a[!href]; figcaption",
        before: (node) => node.name === "img",
        read({ element }) {
          const still = element.findOne("img");
          return {
            still: still ? still.data("cke-saved-src") || still.getAttribute("src") : "",
            alt: still ? still.getAttribute("alt") || "" : "",
          };
        },
        write({ data, element, parts }) {
          let still = element.findOne("img");
          if (!data.still) return void (still && still.remove());
          if (!still) (still = editor.document.createElement("img")).insertBefore(parts.link);
          still.setAttributes({ src: data.still, "data-cke-saved-src": data.still, alt: data.alt });
        },
      });
    },
  });
})();
