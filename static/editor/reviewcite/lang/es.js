CKEDITOR.plugins.setLang("reviewcite", "es", {
  button: "Citar",
  title: "Citar artículos de la biblioteca",
  search: "Autor, año, palabras del título o clave",
  found: "Artículos encontrados",
  nothing: "La biblioteca no tiene nada con estas palabras.",
  chosen: "Se citarán:",
  noneChosen: "Aún no hay nada elegido. Las flechas recorren la lista y la barra espaciadora elige.",
  chooseFirst: "Elija antes un artículo.",
  locator: "Lugar en el artículo, si importa (por ejemplo, p. 835)",
});
