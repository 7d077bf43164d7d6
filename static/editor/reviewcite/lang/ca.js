CKEDITOR.plugins.setLang("reviewcite", "ca", {
  button: "Citar",
  title: "Citar articles de la biblioteca",
  search: "Autor, any, paraules del títol o clau",
  found: "Articles trobats",
  nothing: "La biblioteca no té res amb aquestes paraules.",
  chosen: "Es citaran:",
  noneChosen: "Encara no hi ha res triat. Les fletxes recorren la llista i la barra d’espai tria.",
  chooseFirst: "Trieu abans un article.",
  locator: "Lloc dins l’article, si importa (per exemple, p. 835)",
});
