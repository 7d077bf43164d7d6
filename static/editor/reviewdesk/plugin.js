/* What the review's plugins share: asking the server, the page's colours inside the editor. */
(() => {
  "use strict";

  const BUSY = 250;

  const desk = (CKEDITOR.plugins.reviewdesk = {
    /* JSON of one of our addresses; a plain sentence as the error where there is none. */
    async ask(editor, name, values) {
      const address = `${editor.config.reviewUrls[name]}?${new URLSearchParams({ format: "json", ...values })}`;
      return desk.read(editor, await reach(editor, address, { headers: { Accept: "application/json" } }));
    },

    async send(editor, name, form) {
      const token = document.querySelector("input[name=csrfmiddlewaretoken]");
      form.append("csrfmiddlewaretoken", token ? token.value : "");
      return desk.read(editor, await reach(editor, editor.config.reviewUrls[name], { method: "POST", body: form }));
    },

    async read(editor, answer) {
      if (!(answer.headers.get("Content-Type") || "").includes("json")) {
        throw new Error(editor.lang.reviewdesk[[400, 413].includes(answer.status) ? "tooLarge" : "loggedOut"]);
      }
      const data = await answer.json();
      if (!answer.ok) throw new Error(data.error || editor.lang.reviewdesk.noAnswer);
      return data;
    },

    /* `run` once typing stops; only the newest answer counts. */
    whenStill(run) {
      let timer, turn = 0;
      return (...given) => {
        clearTimeout(timer);
        const mine = ++turn;
        timer = setTimeout(() => run(() => mine === turn, ...given), BUSY);
      };
    },

    /* A small form within a dialog, which puts something on record without leaving the page. */
    maker(editor, box, { send, button, fields, done }) {
      const inputs = fields.map(({ name, label, type = "text" }) => {
        const input = type === "textarea" ? desk.make("textarea", { rows: 2 }) : desk.make("input", { type });
        input.name = name;
        box.append(desk.make("label", {}, label, input));
        return input;
      });
      const press = desk.make("button", { type: "button" }, button);
      const said = desk.make("p", { role: "alert" });
      box.append(press, said);
      // Enter in here is not the dialog's OK.
      box.addEventListener("keydown", (event) => event.key === "Enter" && event.stopPropagation(), true);
      press.addEventListener("click", async () => {
        const form = new FormData();
        for (const input of inputs) form.append(input.name, input.value);
        press.disabled = true;
        said.textContent = "";
        try {
          const made = await desk.send(editor, send, form);
          for (const input of inputs) input.value = "";
          box.open = false;
          done(made);
        } catch (error) {
          said.textContent = error.message;
        } finally {
          press.disabled = false;
        }
      });
    },

    make(tag, attributes = {}, ...children) {
      const node = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) {
        if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
      }
      node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
      return node;
    },

    /* Puts HTML with widgets of ours in; the caret stands behind it, where typing goes on. */
    insert(editor, html) {
      const known = new Set(Object.keys(editor.widgets.instances));
      const range = editor.getSelection() && editor.getSelection().getRanges()[0];
      const atEnd = !range || !editor.elementPath().block || range.checkEndOfBlock();
      editor.fire("saveSnapshot");
      editor.insertHtml(html);
      const added = Object.keys(editor.widgets.instances).filter((id) => !known.has(id));
      const last = added.length && editor.widgets.instances[added.at(-1)];
      if (last) desk.behind(editor, last.wrapper, !last.inline && atEnd);
      editor.fire("saveSnapshot");
    },

    /* The caret behind what stands in a line; behind a block in the text after it, or in a new paragraph. */
    behind(editor, node, fresh = false) {
      const range = editor.createRange();
      if (node.is({ span: 1, a: 1 })) {
        range.setStartAfter(node);
      } else {
        let next = node.getNext((each) => each.type === CKEDITOR.NODE_ELEMENT);
        if (fresh || !next || !next.is({ p: 1, h2: 1, h3: 1, h4: 1 })) {
          next = editor.document.createElement("p");
          next.appendBogus();
          next.insertAfter(node);
        }
        range.moveToElementEditStart(next);
      }
      range.collapse(true);
      editor.focus();
      range.select();
      range.scrollIntoView();
    },

    /* What is written as a figure with a link and a caption, and shown as what the link leads to: a widget named `name`, its own
       dialog and command named `dialog`, its `button` at `toolbar`. `before` gives whether a node may stand before the link; `read(widget)`
       and `write(widget)` are for what the figure holds besides the link. */
    linkFigure(editor, { name, kind, dialog, button, pathName, allowedContent, toolbar, before = () => false, read = () => ({}), write = () => {} }) {
      const lang = editor.lang[dialog];
      editor.widgets.add(name, {
        pathName,
        allowedContent,
        requiredContent: `figure(${kind})`,
        parts: { link: "a", caption: "figcaption" },
        editables: {
          caption: { selector: "figcaption", pathName: "caption", allowedContent: editor.config.reviewCaption },
        },
        upcast(element) {
          if (!isPlain(element, kind, before)) return false;
          if (!element.getFirst("figcaption")) element.add(new CKEDITOR.htmlParser.element("figcaption"));
          return element;
        },
        downcast(element) {
          if (!desk.filled(this.editables.caption.getData())) element.getFirst("figcaption").remove();
          return element;
        },
        init() {
          const link = this.parts.link;
          this.parts.caption.setAttribute("data-hint", lang.caption);
          this.setData({ address: link.data("cke-saved-href") || link.getAttribute("href"), title: link.getText(), ...read(this) });
          this.on("edit", () => editor.execCommand(dialog));
        },
        data() {
          this.parts.link.setAttributes({ href: this.data.address, "data-cke-saved-href": this.data.address });
          if (this.parts.link.getText() !== this.data.title) this.parts.link.setText(this.data.title);
          write(this);
        },
      });

      // The link is part of the widget here: a double click is for the widget's own dialog.
      editor.on("doubleclick", (event) => {
        const widget = editor.widgets.getByElement(event.data.element);
        if (widget && widget.name === name) event.data.dialog = "";
      }, null, null, 20);

      editor.addCommand(dialog, new CKEDITOR.dialogCommand(dialog, { requiredContent: `figure(${kind})` }));
      editor.ui.addButton(button, { label: lang.button, title: lang.title, command: dialog, toolbar });
    },

    /* The widget of that name the dialog was opened for, or null. */
    focused(editor, name) {
      const widget = editor.widgets.focused;
      return widget && widget.name === name ? widget : null;
    },

    /* Such a figure, as HTML to insert. */
    linkFigureHtml(kind, { address, title }, before = "") {
      return `<figure class="${kind}">${before}<a href="${desk.escape(address)}">${CKEDITOR.tools.htmlEncode(title)}</a><figcaption></figcaption></figure>`;
    },

    /* HTML, or nothing where it shows nothing. */
    filled: (html) => (html.replace(/<br[^>]*>|&nbsp;|\s/g, "") ? html : ""),

    escape: CKEDITOR.tools.htmlEncodeAttr,
  });

  /* The widget is for plain figures; anything richer stays as it is. */
  function isPlain(figure, kind, before) {
    if (figure.name !== "figure" || !figure.hasClass(kind)) return false;
    const nodes = figure.children.filter((node) => node.type !== CKEDITOR.NODE_TEXT || node.value.trim());
    if (nodes.length > 1 && before(nodes[0])) nodes.shift();
    const [link, caption, ...rest] = nodes;
    const simple = (node) => !node.children.some((child) => child.name && CKEDITOR.dtd.$block[child.name]);
    if (!link || link.name !== "a" || rest.length || link.children.some((node) => node.name)) return false;
    return !caption || (caption.name === "figcaption" && simple(caption));
  }

  async function reach(editor, address, options) {
    try {
      return await fetch(address, { credentials: "same-origin", ...options });
    } catch {
      throw new Error(editor.lang.reviewdesk.noAnswer);
    }
  }

  function wearTheme(editor) {
    const chosen = document.documentElement.dataset.theme;
    const inside = editor.document && editor.document.getDocumentElement();
    if (inside) inside.setAttribute("data-theme", chosen === "auto" || !chosen ? "" : chosen);
  }

  CKEDITOR.plugins.add("reviewdesk", {
    lang: "en,es,ca",
    init(editor) {
      editor.on("contentDom", () => wearTheme(editor));
      new MutationObserver(() => wearTheme(editor)).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    },
  });
})();
