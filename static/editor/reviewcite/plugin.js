/* Citing: a search over the library; what is chosen stands in the text as [author year], in the data as its citekey. */
(() => {
  "use strict";

  const desk = () => CKEDITOR.plugins.reviewdesk;
  const labels = new Map();

  const html = (key, locator) => {
    const escape = desk().escape;
    const place = locator ? ` data-locator="${escape(locator)}"` : "";
    return `<span class="cite" data-cite="${escape(key)}"${place}>[${CKEDITOR.tools.htmlEncode(key)}]</span>`;
  };

  function remember(rows) {
    for (const row of rows) labels.set(row.citekey, row.label);
    return rows;
  }

  /* The names of all works cited in the text, in one request. */
  function nameAll(editor) {
    const cited = Object.values(editor.widgets.instances).filter((widget) => widget.name === "reviewcitation");
    const unnamed = [...new Set(cited.map((widget) => widget.data.key))].filter((key) => !labels.has(key));
    if (!unnamed.length) return;
    unnamed.forEach((key) => labels.set(key, null));
    desk().ask(editor, "references", { keys: unnamed.join(" ") }).then(
      (data) => {
        remember(data.references);
        if (editor.status !== "destroyed") cited.forEach((widget) => widget.fire("data", widget.data));
      },
      () => unnamed.forEach((key) => labels.delete(key))
    );
  }

  CKEDITOR.dialog.add("reviewcite", (editor) => {
    const lang = editor.lang.reviewcite;
    const make = (...given) => desk().make(...given);
    let chosen, rows, editing;

    const part = (dialog, name) => dialog.getElement().findOne(`.review-${name}`).$;

    const search = desk().whenStill(async (newest, dialog) => {
      const list = part(dialog, "list");
      try {
        const data = await desk().ask(editor, "references", { q: dialog.getValueOf("main", "query") });
        if (!newest()) return;
        rows = remember(data.references);
        show(dialog);
      } catch (error) {
        if (newest()) list.replaceChildren(make("p", { role: "alert" }, error.message));
      }
    });

    function show(dialog) {
      part(dialog, "list").replaceChildren(
        ...(rows.length ? rows.map((row) => choice(dialog, row)) : [make("p", {}, lang.nothing)])
      );
      showChosen(dialog);
    }

    function choice(dialog, row) {
      const box = make("input", { type: editing ? "radio" : "checkbox", name: "review-cite", value: row.citekey });
      box.checked = chosen.has(row.citekey);
      box.addEventListener("change", () => {
        if (editing) chosen.clear();
        if (box.checked) chosen.set(row.citekey, row.label);
        else chosen.delete(row.citekey);
        showChosen(dialog);
      });
      return make("label", {}, box, make("b", {}, row.label), " ", make("span", {}, row.title), " ", make("small", {}, row.citekey));
    }

    function showChosen(dialog) {
      const names = [...chosen].map(([key, label]) => label || key);
      part(dialog, "chosen").textContent = names.length ? `${lang.chosen} ${names.join("; ")}` : lang.noneChosen;
    }

    /* Up and down walk the list; Enter in the search takes the first hit. */
    function keys(dialog, event) {
      const boxes = [...part(dialog, "list").querySelectorAll("input")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const here = boxes.indexOf(document.activeElement);
      if (step && boxes.length) {
        event.preventDefault();
        event.stopPropagation();
        const next = boxes[here + step];
        if (next) next.focus();
        else if (step < 0) dialog.getContentElement("main", "query").focus();
      } else if (event.key === "Enter" && here < 0 && !chosen.size && boxes.length) {
        boxes[0].click();
      } else if (event.key === "Enter" && here >= 0 && !chosen.size) {
        boxes[here].click();
      }
    }

    return {
      title: lang.title,
      minWidth: 300,
      minHeight: 260,
      contents: [{
        id: "main",
        elements: [
          { type: "text", id: "query", label: lang.search, onLoad() {
            this.getInputElement().on("input", () => search(this.getDialog()));
          } },
          { type: "html", html: `<div class="review-list" role="group" aria-label="${lang.found}"></div>` },
          { type: "html", html: '<p class="review-chosen" aria-live="polite"></p>' },
          { type: "text", id: "locator", label: lang.locator },
          { type: "html", html: `<details class="review-make"><summary>${lang.make}</summary></details>` },
        ],
      }],
      onLoad() {
        this.getElement().addClass("review-dialog");
        this.getElement().$.addEventListener("keydown", (event) => event.target.closest(".review-make") || keys(this, event), true);
        desk().maker(editor, part(this, "make"), {
          send: "work",
          button: lang.makeButton,
          fields: [
            { name: "number", label: lang.number },
            { name: "authors", label: lang.authors },
            { name: "year", label: lang.year },
            { name: "title", label: lang.workTitle },
            { name: "container", label: lang.container },
          ],
          done: (work) => {
            remember([work]);
            if (editing) chosen.clear();
            chosen.set(work.citekey, work.label);
            rows = [work, ...rows.filter((row) => row.citekey !== work.citekey)];
            show(this);
            if (work.known) part(this, "chosen").textContent = `${lang.known} ${work.label}`;
          },
        });
      },
      onShow() {
        const focused = editor.widgets.focused;
        editing = focused && focused.name === "reviewcitation" ? focused : null;
        chosen = new Map(editing ? [[editing.data.key, labels.get(editing.data.key)]] : []);
        rows = [];
        this.setValueOf("main", "query", "");
        this.setValueOf("main", "locator", editing ? editing.data.locator : "");
        show(this);
        search(this);
      },
      onOk() {
        const locator = this.getValueOf("main", "locator").trim();
        if (!chosen.size) {
          part(this, "chosen").textContent = lang.chooseFirst;
          return false;
        }
        const keys = [...chosen.keys()];
        if (editing) editing.setData({ key: keys[0], locator });
        else desk().insert(editor, spaceBefore(editor) + keys.map((key, index) => html(key, index ? "" : locator)).join(""));
      },
    };
  });

  /* One space between a word and its citation; none between two citations. */
  function spaceBefore(editor) {
    const range = editor.getSelection() && editor.getSelection().getRanges()[0];
    if (!range) return "";
    const node = range.startContainer;
    if (node.type !== CKEDITOR.NODE_TEXT) {
      const before = node.getChild && node.getChild(range.startOffset - 1);
      return before && before.type === CKEDITOR.NODE_TEXT && /\S$/.test(before.getText()) ? " " : "";
    }
    return /\S$/.test(node.getText().slice(0, range.startOffset).replace(/\u200b/g, "")) ? " " : "";
  }

  CKEDITOR.plugins.add("reviewcite", {
    requires: "dialog,widget,reviewdesk",
    lang: "en,es,ca",
    init(editor) {
      const lang = editor.lang.reviewcite;

      editor.widgets.add("reviewcitation", {
        inline: true,
        draggable: true,
        pathName: "citation",
        allowedContent: "span[!data-cite,data-locator](cite)",
        requiredContent: "span[data-cite](cite)",
        upcast: (element) => element.name === "span" && Boolean(element.attributes["data-cite"]),
        downcast() {
          const attributes = { class: "cite", "data-cite": this.data.key };
          if (this.data.locator) attributes["data-locator"] = this.data.locator;
          const span = new CKEDITOR.htmlParser.element("span", attributes);
          span.add(new CKEDITOR.htmlParser.text(CKEDITOR.tools.htmlEncode(`[${this.data.key}]`)));
          return span;
        },
        init() {
          this.setData({ key: this.element.getAttribute("data-cite"), locator: this.element.getAttribute("data-locator") || "" });
          this.on("edit", () => editor.execCommand("reviewcite"));
        },
        data() {
          const { key, locator } = this.data;
          this.element.setAttribute("data-cite", key);
          this.element.setText(`[${labels.get(key) || key}${locator ? `, ${locator}` : ""}]`);
          this.element.setAttribute("title", key);
        },
      });

      editor.widgets.on("instanceCreated", desk().whenStill(() => nameAll(editor)));
      editor.addCommand("reviewcite", new CKEDITOR.dialogCommand("reviewcite", { requiredContent: "span[data-cite](cite)" }));
      editor.setKeystroke(CKEDITOR.CTRL + CKEDITOR.ALT + 67, "reviewcite");
      editor.ui.addButton("ReviewCite", { label: lang.button, title: lang.title, command: "reviewcite", toolbar: "insert,10" });
    },
  });
})();
