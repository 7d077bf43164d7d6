CKEDITOR.plugins.setLang("reviewnote", "es", {
  button: "Nota al pie",
  title: "Nota al pie: sus propias palabras, junto a la línea y al final",
  words: "Texto de la nota",
  wordsFirst: "Escriba primero el texto de la nota.",
});
