CKEDITOR.plugins.setLang("reviewvideo", "ca", {
  button: "Vídeo",
  title: "Vídeo per la seva adreça",
  address: "Adreça del vídeo a YouTube o Vimeo",
  otherHost: "A la pàgina només es poden mostrar vídeos de YouTube o Vimeo. Per a un altre lloc, escriviu un enllaç.",
  name: "Títol",
  nameFirst: "Poseu un títol al vídeo.",
  still: "Figura mentre no es reprodueix",
  noStill: "cap",
  caption: "Escriviu aquí el peu",
});
