/* Figures: chosen from those there are or uploaded; caption and credit are written in the text itself. */
(() => {
  "use strict";

  const desk = () => CKEDITOR.plugins.reviewdesk;
  const isText = (node, blank) => node.type === CKEDITOR.NODE_TEXT && (!blank || !node.value.trim());
  const parts = (element) => element.children.filter((node) => !isText(node, true));
  const hasBlocks = (element) => element.children.some((node) => node.name && CKEDITOR.dtd.$block[node.name]);

  /* The widget is for plain figures; anything richer stays as it is. */
  function isPlain(figure) {
    if (figure.name !== "figure" || !figure.hasClass("figure")) return false;
    const [image, caption, ...rest] = parts(figure);
    if (!image || image.name !== "img" || rest.length) return false;
    if (!caption) return true;
    if (caption.name !== "figcaption" || hasBlocks(caption)) return false;
    const credits = caption.children.filter((node) => node.name === "small");
    return !credits.length || (credits.length === 1 && parts(caption).at(-1) === credits[0]);
  }

  function take(from, to) {
    for (const child of [...from.children]) {
      child.remove();
      to.add(child);
    }
  }

  /* Caption and credit side by side while they are written, one inside the other in the data. */
  function apart(figure) {
    let caption = figure.getFirst("figcaption");
    if (!caption) figure.add((caption = new CKEDITOR.htmlParser.element("figcaption")));
    const credit = new CKEDITOR.htmlParser.element("div", { class: "credit" });
    const small = caption.getFirst("small");
    if (small) {
      take(small, credit);
      small.remove();
    }
    figure.add(credit);
    return figure;
  }

  /* What the two editables hold is written by CKEditor after this: so a new caption, with the data of both. */
  function together(figure) {
    const { caption, credit } = this.editables;
    const [words, who] = [caption, credit].map((each) => desk().filled(each.getData()));
    figure.getFirst("figcaption").remove();
    figure.getFirst("div").remove();
    if (words || who) {
      const written = new CKEDITOR.htmlParser.element("figcaption");
      written.setHtml(words + (who && `<small class="credit">${who}</small>`));
      figure.add(written);
    }
    return figure;
  }

  const html = (image, alt) => {
    const escape = desk().escape;
    const credit = image.credit ? `<small class="credit">${CKEDITOR.tools.htmlEncode(image.credit)}</small>` : "";
    const caption = CKEDITOR.tools.htmlEncode(image.caption || "");
    return `<figure class="figure"><img src="${escape(image.src)}" alt="${escape(alt)}"><figcaption>${caption}${credit}</figcaption></figure>`;
  };

  CKEDITOR.dialog.add("reviewfigure", (editor) => {
    const lang = editor.lang.reviewfigure;
    const make = (...given) => desk().make(...given);
    let chosen, rows, added, editing, wasAlt;

    const part = (dialog, name) => dialog.getElement().findOne(`.review-${name}`).$;
    const say = (dialog, text) => (part(dialog, "said").textContent = text);

    const search = desk().whenStill(async (newest, dialog) => {
      const query = dialog.getValueOf("main", "query").trim();
      try {
        const data = await desk().ask(editor, "images", { q: query });
        if (!newest()) return;
        rows = data.images;
        show(dialog);
        if (query) say(dialog, rows.length ? "" : lang.nothing);
      } catch (error) {
        if (newest()) say(dialog, error.message);
      }
    });

    function show(dialog) {
      const known = added.map((row) => row.src);
      const all = [...added, ...rows.filter((row) => !known.includes(row.src))];
      part(dialog, "figures").replaceChildren(...all.map((row) => {
        const box = make("input", { type: "radio", name: "review-figure", value: row.src });
        box.checked = Boolean(chosen) && chosen.src === row.src;
        box.addEventListener("change", () => choose(dialog, row));
        return make("label", {}, box, make("img", { src: row.small, alt: "", loading: "lazy" }), make("span", {}, row.title));
      }));
    }

    function choose(dialog, row) {
      chosen = row;
      // Words typed here are not lost to the next picture looked at.
      if (!dialog.getValueOf("main", "alt") || dialog.getValueOf("main", "alt") === wasAlt) {
        dialog.setValueOf("main", "alt", row.alt);
        wasAlt = row.alt;
      }
      dialog.setValueOf("main", "decorative", row.decorative);
      dialog.setValueOf("main", "caption", row.caption);
      dialog.setValueOf("main", "by", row.by);
      const licence = dialog.getContentElement("main", "licence");
      if (row.licence && !editor.config.reviewLicences.some(([value]) => value === row.licence)) licence.add(row.licence, row.licence);
      licence.setValue(row.licence);
    }

    /* What is said here of the picture is kept with it, for every page to come. */
    async function describe(row, alt, dialog) {
      const form = new FormData();
      const value = (name) => dialog.getValueOf("main", name);
      const said = { alt, caption: value("caption").trim(), credit: value("by").trim(), licence: value("licence") };
      const same = row.alt === alt && row.caption === said.caption && row.by === said.credit
        && row.licence === said.licence && row.decorative === value("decorative");
      if (same) return row;
      form.append("id", row.id);
      for (const [name, text] of Object.entries(said)) form.append(name, text);
      if (value("decorative")) form.append("decorative", "1");
      return desk().send(editor, "describe", form);
    }

    async function uploadAll(dialog, files) {
      for (const file of files) await upload(dialog, file);
    }

    async function upload(dialog, file) {
      say(dialog, lang.sending);
      const form = new FormData();
      form.append("file", file);
      form.append("alt", dialog.getValueOf("main", "alt"));
      try {
        const row = await desk().send(editor, "upload", form);
        added.unshift(row);
        choose(dialog, row);
        show(dialog);
        say(dialog, lang.sent);
      } catch (error) {
        say(dialog, error.message);
      }
    }

    return {
      title: lang.title,
      minWidth: 300,
      minHeight: 300,
      contents: [{
        id: "main",
        elements: [
          { type: "html", html: `<label class="review-upload">${lang.upload} <input type="file" multiple accept="image/png,image/jpeg,image/webp,image/gif"></label>` },
          { type: "text", id: "query", label: lang.search, onLoad() {
            this.getInputElement().on("input", () => search(this.getDialog()));
          } },
          { type: "html", html: `<div class="review-figures" role="radiogroup" aria-label="${lang.found}"></div>` },
          { type: "html", html: '<p class="review-said" role="status"></p>' },
          { type: "textarea", id: "alt", rows: 2, label: lang.alt },
          { type: "checkbox", id: "decorative", label: lang.decorative },
          { type: "text", id: "caption", label: lang.captionLabel },
          { type: "text", id: "by", label: lang.credit },
          { type: "select", id: "licence", label: lang.licence, items: [[lang.noLicence, ""], ...editor.config.reviewLicences.map(([value, words]) => [words, value])] },
        ],
      }],
      onLoad() {
        this.getElement().addClass("review-dialog");
        const file = part(this, "upload").querySelector("input");
        file.addEventListener("change", () => {
          uploadAll(this, [...file.files]);
          file.value = "";
        });
        const box = this.getElement().$;
        box.addEventListener("dragover", (event) => event.preventDefault());
        box.addEventListener("drop", (event) => {
          event.preventDefault();
          uploadAll(this, [...event.dataTransfer.files].filter((each) => each.type.startsWith("image/")));
        });
      },
      onShow() {
        const focused = editor.widgets.focused;
        editing = focused && focused.name === "reviewplate" ? focused : null;
        chosen = editing ? { src: editing.data.src, alt: editing.data.alt, credit: "" } : null;
        wasAlt = "";
        rows = [];
        added = [];
        say(this, "");
        this.setValueOf("main", "query", "");
        this.setValueOf("main", "alt", editing ? editing.data.alt : "");
        this.setValueOf("main", "decorative", Boolean(editing) && !editing.data.alt);
        for (const name of ["caption", "by", "licence"]) {
          this.setValueOf("main", name, "");
          // Caption and credit of one in the text are written in the text.
          this.getContentElement("main", name).getElement()[editing ? "hide" : "show"]();
        }
        show(this);
        search(this);
      },
      onOk() {
        const alt = this.getValueOf("main", "alt").trim().replace(/\s+/g, " ");
        const decorative = this.getValueOf("main", "decorative");
        const missing = !chosen ? lang.chooseFirst : !alt && !decorative ? lang.altFirst : alt && decorative ? lang.notBoth : "";
        if (missing) {
          say(this, missing);
          return false;
        }
        if (editing) editing.setData({ src: chosen.src, alt });
        else {
          describe(chosen, alt, this).then(
            (row) => desk().insert(editor, html(row, alt)),
            (error) => {
              desk().insert(editor, html(chosen, alt));
              editor.showNotification(error.message, "warning");
            }
          );
        }
      },
    };
  });

  /* A picture file dropped or pasted into the text goes the same way as one chosen in the dialog. */
  async function takeFile(editor, file) {
    const form = new FormData();
    form.append("file", file);
    try {
      const image = await desk().send(editor, "upload", form);
      desk().insert(editor, html(image, image.alt));
      editor.showNotification(editor.lang.reviewfigure.describe, "info", 8000);
    } catch (error) {
      editor.showNotification(error.message, "warning");
    }
  }

  CKEDITOR.plugins.add("reviewfigure", {
    requires: "dialog,widget,reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      const lang = editor.lang.reviewfigure;
      const words = editor.config.reviewCaption;

      editor.widgets.add("reviewplate", {
        pathName: "figure",
        allowedContent: "figure(figure); img[!src,alt]; figcaption; small(credit)",
        requiredContent: "figure(figure)",
        parts: { image: "img", caption: "figcaption", credit: "div.credit" },
        editables: {
          caption: { selector: "figcaption", pathName: "caption", allowedContent: words },
          credit: { selector: "div.credit", pathName: "credit", allowedContent: words },
        },
        upcast: (element) => isPlain(element) && apart(element),
        downcast: together,
        init() {
          const image = this.parts.image;
          this.parts.caption.setAttribute("data-hint", lang.caption);
          this.parts.credit.setAttribute("data-hint", lang.credit);
          this.setData({ src: image.data("cke-saved-src") || image.getAttribute("src"), alt: image.getAttribute("alt") || "" });
          this.on("edit", () => editor.execCommand("reviewfigure"));
        },
        data() {
          this.parts.image.setAttributes({ src: this.data.src, "data-cke-saved-src": this.data.src, alt: this.data.alt });
        },
      });

      editor.on("paste", (event) => {
        const transfer = event.data.dataTransfer;
        const files = Array.from({ length: transfer.getFilesCount() }, (_, index) => transfer.getFile(index));
        const pictures = files.filter((file) => file && file.type.startsWith("image/"));
        // Programs send words as well as a picture of them; then the words are meant.
        if (!pictures.length || event.data.dataValue.replace(/<[^>]*>/g, "").trim()) return;
        event.cancel();
        pictures.reduce((before, file) => before.then(() => takeFile(editor, file)), Promise.resolve());
      }, null, null, 1);

      editor.addCommand("reviewfigure", new CKEDITOR.dialogCommand("reviewfigure", { requiredContent: "figure(figure)" }));
      editor.ui.addButton("ReviewFigure", { label: lang.button, title: lang.title, command: "reviewfigure", toolbar: "insert,20" });
    },
  });
})();
