CKEDITOR.plugins.setLang("reviewvoice", "en", {
  own: "Note",
  ownTitle: "Personal note: your own view, set apart from what the articles say",
  letter: "Letter",
  letterTitle: "Private correspondence, set apart as a letter",
  source: "Source",
  sourceTitle: "Source line: the last paragraph of a quotation, the first of a letter",
});
