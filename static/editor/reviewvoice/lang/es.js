CKEDITOR.plugins.setLang("reviewvoice", "es", {
  claim: "Afirmación",
  claimTitle: "Lo que dice una fuente, contado por usted; el último párrafo puede decir cuál",
  transcript: "Transcripción",
  transcriptTitle: "Transcripción del vídeo de arriba, plegada en la página",
  own: "Nota",
  ownTitle: "Nota personal: su propia opinión, separada de lo que dicen los artículos",
  letter: "Carta",
  letterTitle: "Correspondencia privada, separada como carta",
  source: "Procedencia",
  sourceTitle: "Quién lo dijo y dónde: el último párrafo de una cita, el primero de una carta",
});
