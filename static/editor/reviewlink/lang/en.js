CKEDITOR.plugins.setLang("reviewlink", "en", {
  search: "Find a page of this site by its title, words or number (2.2)",
  nothing: "No page has these words.",
  chooseFirst: "Choose a page above, or write an address below.",
  noAddress: "This is no address. Choose a page found above, or write an address such as https://example.org.",
});
