/* Videos by address: a link with a title, which the page offers to play only when the reader asks for it. */
(() => {
  "use strict";

  const blank = (node) => node.type === CKEDITOR.NODE_TEXT && !node.value.trim();

  function isPlain(figure) {
    if (figure.name !== "figure" || !figure.hasClass("video")) return false;
    const nodes = figure.children.filter((node) => !blank(node));
    if (nodes.length > 1 && nodes[0].name === "img") nodes.shift();
    const [link, caption, ...rest] = nodes;
    const simple = (node) => !node.children.some((child) => child.name && CKEDITOR.dtd.$block[child.name]);
    if (!link || link.name !== "a" || rest.length || link.children.some((node) => node.name)) return false;
    return !caption || (caption.name === "figcaption" && simple(caption));
  }

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
    const focused = () => {
      const widget = editor.widgets.focused;
      return widget && widget.name === "reviewfilm" ? widget : null;
    };
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
        editing = focused();
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
        const escape = CKEDITOR.plugins.reviewdesk.escape;
        const title = CKEDITOR.tools.htmlEncode(data.title);
        const still = data.still ? `<img src="${escape(data.still)}" alt="${escape(alt)}">` : "";
        CKEDITOR.plugins.reviewdesk.insert(editor, `<figure class="video">${still}<a href="${escape(data.address)}">${title}</a><figcaption></figcaption></figure>`);
      },
    };
  });

  CKEDITOR.plugins.add("reviewvideo", {
    requires: "dialog,widget,reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      const lang = editor.lang.reviewvideo;

      editor.widgets.add("reviewfilm", {
        pathName: "video",
        allowedContent: "figure(video); img[src,alt]; a[!href]; figcaption",
        requiredContent: "figure(video)",
        parts: { link: "a", caption: "figcaption" },
        editables: {
          caption: { selector: "figcaption", pathName: "caption", allowedContent: editor.config.reviewCaption },
        },
        upcast(element) {
          if (!isPlain(element)) return false;
          if (!element.getFirst("figcaption")) element.add(new CKEDITOR.htmlParser.element("figcaption"));
          return element;
        },
        downcast(element) {
          if (!CKEDITOR.plugins.reviewdesk.filled(this.editables.caption.getData())) element.getFirst("figcaption").remove();
          return element;
        },
        init() {
          const link = this.parts.link;
          this.parts.caption.setAttribute("data-hint", lang.caption);
          const still = this.element.findOne("img");
          this.setData({
            address: link.data("cke-saved-href") || link.getAttribute("href"),
            title: link.getText(),
            still: still ? still.data("cke-saved-src") || still.getAttribute("src") : "",
            alt: still ? still.getAttribute("alt") || "" : "",
          });
          this.on("edit", () => editor.execCommand("reviewvideo"));
        },
        data() {
          this.parts.link.setAttributes({ href: this.data.address, "data-cke-saved-href": this.data.address });
          if (this.parts.link.getText() !== this.data.title) this.parts.link.setText(this.data.title);
          let still = this.element.findOne("img");
          if (!this.data.still) return void (still && still.remove());
          if (!still) (still = editor.document.createElement("img")).insertBefore(this.parts.link);
          still.setAttributes({ src: this.data.still, "data-cke-saved-src": this.data.still, alt: this.data.alt });
        },
      });

      // The link is part of the video here: a double click is for the video's own dialog.
      editor.on("doubleclick", (event) => {
        const widget = editor.widgets.getByElement(event.data.element);
        if (widget && widget.name === "reviewfilm") event.data.dialog = "";
      }, null, null, 20);

      editor.addCommand("reviewvideo", new CKEDITOR.dialogCommand("reviewvideo", { requiredContent: "figure(video)" }));
      editor.ui.addButton("ReviewVideo", { label: lang.button, title: lang.title, command: "reviewvideo", toolbar: "insert,30" });
    },
  });
})();
