CKEDITOR.plugins.setLang("reviewnote", "en", {
  button: "Footnote",
  title: "Footnote: your own words, set beside the line and at the end",
  words: "Words of the note",
  wordsFirst: "Write the words of the note first.",
});
