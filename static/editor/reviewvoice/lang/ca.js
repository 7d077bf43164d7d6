CKEDITOR.plugins.setLang("reviewvoice", "ca", {
  own: "Nota",
  ownTitle: "Nota personal: la vostra opinió, separada del que diuen els articles",
  letter: "Carta",
  letterTitle: "Correspondència privada, separada com a carta",
  source: "Procedència",
  sourceTitle: "Qui ho va dir i on: l’últim paràgraf d’una citació, el primer d’una carta",
});
