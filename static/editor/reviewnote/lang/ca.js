CKEDITOR.plugins.setLang("reviewnote", "ca", {
  button: "Nota al peu",
  title: "Nota al peu: les vostres pròpies paraules, al costat de la línia i al final",
  words: "Text de la nota",
  wordsFirst: "Escriviu primer el text de la nota.",
});
