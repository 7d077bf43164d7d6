/* The point of a picture that must stay in sight: a press on the picture fills the two numbers, and the numbers move the mark. */

const frame = document.querySelector("[data-focal]");
const [x, y] = ["focus_x", "focus_y"].map((name) => document.querySelector(`#id_${name}`));

if (frame && x && y) {
  const mark = document.createElement("i");
  const show = () => {
    mark.hidden = x.value === "" || y.value === "";
    mark.style.left = `${x.value}%`;
    mark.style.top = `${y.value}%`;
  };
  frame.append(mark);
  frame.addEventListener("click", (event) => {
    const box = frame.querySelector("img").getBoundingClientRect();
    x.value = Math.round(Math.min(100, Math.max(0, (100 * (event.clientX - box.left)) / box.width)));
    y.value = Math.round(Math.min(100, Math.max(0, (100 * (event.clientY - box.top)) / box.height)));
    for (const each of [x, y]) each.dispatchEvent(new Event("input", { bubbles: true }));
  });
  for (const each of [x, y]) each.addEventListener("input", show);
  show();
}
