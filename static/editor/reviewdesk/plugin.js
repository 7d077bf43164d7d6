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

    /* HTML, or nothing where it shows nothing. */
    filled: (html) => (html.replace(/<br[^>]*>|&nbsp;|\s/g, "") ? html : ""),

    escape: CKEDITOR.tools.htmlEncodeAttr,
  });

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
