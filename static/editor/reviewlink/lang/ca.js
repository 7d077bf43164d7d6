CKEDITOR.plugins.setLang("reviewlink", "ca", {
  search: "Cercar una pàgina d’aquest lloc pel títol, les paraules o el número (2.2)",
  nothing: "Cap pàgina no té aquestes paraules.",
  chooseFirst: "Trieu una pàgina a dalt o escriviu una adreça a baix.",
  noAddress: "Això no és cap adreça. Trieu una de les pàgines trobades o escriviu una adreça com ara https://example.org.",
});
