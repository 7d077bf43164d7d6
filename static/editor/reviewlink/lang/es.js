CKEDITOR.plugins.setLang("reviewlink", "es", {
  search: "Buscar una página de este sitio por su título, sus palabras o su número (2.2)",
  nothing: "Ninguna página tiene estas palabras.",
  chooseFirst: "Elija arriba una página o escriba abajo una dirección.",
  noAddress: "Esto no es una dirección. Elija una página de las encontradas o escriba una dirección como https://example.org.",
});
