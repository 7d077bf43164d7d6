CKEDITOR.plugins.setLang("reviewlink", "en", {
  search: "Find a page of this site by its title or words",
  nothing: "No page has these words.",
});
