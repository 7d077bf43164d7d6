CKEDITOR.plugins.setLang("reviewcite", "en", {
  button: "Cite",
  title: "Cite articles of the library",
  search: "Author, year, words of the title, or citekey",
  found: "Articles found",
  nothing: "The library has nothing with these words.",
  chosen: "To be cited:",
  noneChosen: "Nothing chosen yet. Up and down move in the list, the space bar chooses.",
  chooseFirst: "Choose an article first.",
  locator: "Place in the article, if it matters (for example p. 835)",
});
