CKEDITOR.plugins.setLang("reviewvoice", "es", {
  own: "Nota",
  ownTitle: "Nota personal: su propia opinión, separada de lo que dicen los artículos",
  letter: "Carta",
  letterTitle: "Correspondencia privada, separada como carta",
  source: "Procedencia",
  sourceTitle: "Quién lo dijo y dónde: el último párrafo de una cita, el primero de una carta",
});
