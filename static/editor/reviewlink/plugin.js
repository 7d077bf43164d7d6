/* A search for pages of the site in the link dialog: choosing one fills in its address. */
(() => {
  "use strict";

  const desk = () => CKEDITOR.plugins.reviewdesk;

  function choose(dialog, row) {
    dialog.setValueOf("info", "linkType", "url");
    dialog.setValueOf("info", "protocol", "");
    dialog.setValueOf("info", "url", row.address);
    const text = dialog.getContentElement("info", "linkDisplayText");
    if (text && text.isVisible() && !text.getValue()) text.setValue(row.title);
  }

  /* A word alone is no address: “ilioing” became https://ilioing. */
  const isAddress = (typed, protocol) =>
    /^(\/|#|\?|\.|[a-z][a-z0-9+.-]*:)/i.test(typed) || (/^[^\s/?#]+\.[^\s/?#.]{2,}([/?#:]\S*)?$/.test(typed) && Boolean(protocol));

  function results(dialog, rows, lang) {
    const make = desk().make;
    return rows.length
      ? rows.map((row) => {
          const button = make("button", { type: "button", class: "review-page" }, make("b", {}, row.title), " ",
            make("small", {}, [row.kind, row.label].filter(Boolean).join(", ")));
          button.addEventListener("click", () => choose(dialog, row));
          return button;
        })
      : [make("p", {}, lang.nothing)];
  }

  CKEDITOR.on("dialogDefinition", (event) => {
    if (event.data.name !== "link" || !event.editor.plugins.reviewlink) return;
    const editor = event.editor;
    const lang = editor.lang.reviewlink;
    const info = event.data.definition.getContents("info");
    const list = (dialog) => dialog.getElement().findOne(".review-pages").$;

    const search = desk().whenStill(async (newest, dialog) => {
      const query = dialog.getValueOf("info", "reviewPage").trim();
      try {
        const rows = query ? (await desk().ask(editor, "pages", { q: query })).pages : null;
        if (newest()) list(dialog).replaceChildren(...(rows ? results(dialog, rows, lang) : []));
      } catch (error) {
        if (newest()) list(dialog).replaceChildren(error.message);
      }
    });

    // The finder comes first and has the focus; an address is typed below it, and is one.
    event.data.definition.onFocus = function () {
      const finder = this.getContentElement("info", "reviewPage");
      if (finder) finder.focus();
    };
    // CKEditor leaves the link selected: what is typed next would take its place.
    const ok = event.data.definition.onOk;
    event.data.definition.onOk = function (...given) {
      ok.apply(this, given);
      const links = CKEDITOR.plugins.link.getSelectedLink(editor, true);
      if (links && links.length) desk().behind(editor, links.at(-1));
    };
    const url = info.get("url");
    const before = url.validate;
    url.validate = function () {
      const dialog = this.getDialog();
      if (dialog.getValueOf("info", "linkType") !== "url") return true;
      const typed = this.getValue().trim();
      if (!typed) {
        list(dialog).replaceChildren(desk().make("p", { role: "alert" }, lang.chooseFirst));
        return false;
      }
      if (!isAddress(typed, dialog.getValueOf("info", "protocol"))) return lang.noAddress;
      return before.apply(this);
    };

    info.add({
      type: "text",
      id: "reviewPage",
      label: lang.search,
      onLoad() {
        this.getDialog().getElement().addClass("review-dialog");
        this.getInputElement().on("input", () => search(this.getDialog()));
        this.getInputElement().$.addEventListener("keydown", (key) => {
          const first = list(this.getDialog()).querySelector("button");
          if ((key.key !== "ArrowDown" && key.key !== "Enter") || !first) return;
          key.preventDefault();
          key.stopPropagation();
          if (key.key === "Enter") first.click();
          else first.focus();
        }, true);
      },
      onShow() {
        this.setValue("");
        list(this.getDialog()).replaceChildren();
      },
    }, "linkDisplayText");
    info.add({ type: "html", html: '<div class="review-pages"></div>' }, "linkDisplayText");
  });

  CKEDITOR.plugins.add("reviewlink", { requires: "link,reviewdesk", lang: "en,es,ca" });
})();
