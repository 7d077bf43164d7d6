/* Pictures dropped on the library, pasted or chosen, are sent one after the other; without this script the form sends them together. */

const form = document.querySelector(".drop");

async function send(files) {
  const said = form.querySelector("[data-said]");
  const refused = [];
  for (const [index, file] of files.entries()) {
    said.textContent = `${form.dataset.sending} ${index + 1}/${files.length}: ${file.name}`;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("file", file);
    try {
      const answer = await fetch(form.dataset.upload, { method: "POST", body });
      if (!answer.ok) refused.push(`${file.name}: ${(await answer.json()).error}`);
    } catch (error) {
      refused.push(`${file.name}: ${error.message}`);
    }
  }
  said.textContent = refused.join(" ");
  if (!refused.length) location.assign(location.pathname);
}

const pictures = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send([...form.elements.files.files]);
  });
  document.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || form.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    form.classList.remove("over");
    const files = pictures(event.dataTransfer);
    if (!files.length) return;
    event.preventDefault();
    send(files);
  });
  document.addEventListener("paste", (event) => {
    const files = pictures(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    send(files);
  });
}
