// Leads to the page of the conversations on which a comment stands; stays where no page has it.

export async function lead(number) {
  const address = document.querySelector("[data-comment]").dataset.comment.replace("/0/", `/${number}/`);
  const response = await fetch(`${address}?on=${encodeURIComponent(location.pathname)}`);
  const found = new URL(response.url);
  const here = found.pathname + found.search === location.pathname + location.search;
  if (response.ok && !here && !found.pathname.includes("/comments/" + number)) location.replace(response.url + location.hash);
}
