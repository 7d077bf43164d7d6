CKEDITOR.plugins.setLang("reviewvoice", "ca", {
  claim: "Afirmació",
  claimTitle: "El que diu una font, explicat per vós; l’últim paràgraf pot dir quina",
  transcript: "Transcripció",
  transcriptTitle: "Transcripció del vídeo de dalt, plegada a la pàgina",
  own: "Nota",
  ownTitle: "Nota personal: la vostra opinió, separada del que diuen els articles",
  letter: "Carta",
  letterTitle: "Correspondència privada, separada com a carta",
  source: "Procedència",
  sourceTitle: "Qui ho va dir i on: l’últim paràgraf d’una citació, el primer d’una carta",
});
