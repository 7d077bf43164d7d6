CKEDITOR.plugins.setLang("reviewvoice", "es", {
  own: "Nota",
  ownTitle: "Nota personal: su propia opinión, separada de lo que dicen los artículos",
  letter: "Carta",
  letterTitle: "Correspondencia privada, separada como carta",
  source: "Fuente",
  sourceTitle: "Línea de la fuente: el último párrafo de una cita, el primero de una carta",
});
