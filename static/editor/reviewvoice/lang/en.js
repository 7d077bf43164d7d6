CKEDITOR.plugins.setLang("reviewvoice", "en", {
  own: "Note",
  ownTitle: "Personal note: your own view, set apart from what the articles say",
  letter: "Letter",
  letterTitle: "Private correspondence, set apart as a letter",
  source: "Attribution",
  sourceTitle: "Who said it and where: the last paragraph of a quotation, the first of a letter",
});
