// The key r, while the focus is in a row of the list, takes its work on: in hand, being read, read.
// Without this script the actions above the list do the same.
const list = document.querySelector("#result_list");
const help = document.querySelector(".reading-key");

if (list && help) {
  const said = document.createElement("p");
  help.hidden = false;
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  list.before(said);
  list.addEventListener("keydown", async (event) => {
    const row = event.target.closest("tbody tr");
    const plain = event.key === "r" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!row || !plain || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    event.preventDefault();
    const pk = row.querySelector("input.action-select")?.value;
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!pk || !token) return;
    const address = new URL(`${pk}/reading/`, location.href.split("?")[0]);
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
    if (!answer?.ok) return;
    const { state } = await answer.json();
    const cell = row.querySelector(".field-reading_state");
    cell.textContent = state;
    said.textContent = `${row.querySelector("th a")?.textContent ?? ""}: ${state}`;
  });
}
