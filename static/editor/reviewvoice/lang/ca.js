CKEDITOR.plugins.setLang("reviewvoice", "ca", {
  own: "Nota",
  ownTitle: "Nota personal: la vostra opinió, separada del que diuen els articles",
  letter: "Carta",
  letterTitle: "Correspondència privada, separada com a carta",
  source: "Font",
  sourceTitle: "Línia de la font: l’últim paràgraf d’una citació, el primer d’una carta",
});
