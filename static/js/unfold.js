/* “Show the 14 other replies” brings them into the page: of very many the first hundred, with a link to those that follow.
   Without this script it leads to the conversation's own page. */

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.unfold");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const place = link.closest(".more");
  place.setAttribute("aria-busy", "true");
  let comments, next;
  try {
    const response = await fetch(link.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    next = page.querySelector("#talk a[rel=next]");
    comments = [...page.querySelectorAll("#talk .comment")].filter((comment) => !document.getElementById(comment.id));
  } catch {
    comments = [];
  }
  if (!comments.length) {
    location.assign(link.href);
    return;
  }
  place.before(...comments.map((comment) => document.adoptNode(comment)));
  if (next) {
    next.replaceChildren(next.querySelector(".t").textContent);
    place.replaceChildren(document.adoptNode(next));
    place.removeAttribute("aria-busy");
  } else {
    place.remove();
  }
  comments[0].tabIndex = -1;
  comments[0].focus();
});
