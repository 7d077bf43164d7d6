CKEDITOR.plugins.setLang("reviewconsent", "es", {
  button: "Permiso",
  title: "El permiso con que se publica esta carta",
  which: "Permiso",
  none: "todavía ninguno",
  hint: "Los lectores ven una línea: cómo se nombra a quien escribe, y el día. El resto del registro es solo para usted.",
  nothing: "Todavía no hay ningún permiso registrado. Añádalo en la administración.",
});
