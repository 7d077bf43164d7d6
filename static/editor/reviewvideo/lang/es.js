CKEDITOR.plugins.setLang("reviewvideo", "es", {
  button: "Vídeo",
  title: "Vídeo por su dirección",
  address: "Dirección del vídeo en YouTube o Vimeo",
  otherHost: "En la página solo pueden mostrarse vídeos de YouTube o Vimeo. Para otro sitio, escriba un enlace.",
  name: "Título",
  nameFirst: "Ponga un título al vídeo.",
  still: "Figura mientras no se reproduce",
  noStill: "ninguna",
  caption: "Escriba aquí el pie",
});
