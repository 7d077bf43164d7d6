CKEDITOR.plugins.setLang("reviewlink", "ca", {
  search: "Cercar una pàgina d’aquest lloc pel títol o per paraules",
  nothing: "Cap pàgina no té aquestes paraules.",
});
