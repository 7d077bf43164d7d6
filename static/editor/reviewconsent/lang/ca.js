CKEDITOR.plugins.setLang("reviewconsent", "ca", {
  button: "Permís",
  title: "El permís amb què es publica aquesta carta",
  which: "Permís",
  none: "encara cap",
  hint: "Els lectors veuen una línia: com s’anomena qui escriu, i el dia. La resta del registre és només per a vós.",
  nothing: "Encara no hi ha cap permís registrat. Afegiu-lo a l’administració.",
});
