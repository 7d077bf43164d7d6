CKEDITOR.plugins.setLang("reviewlink", "es", {
  search: "Buscar una página de este sitio por su título o sus palabras",
  nothing: "Ninguna página tiene estas palabras.",
});
