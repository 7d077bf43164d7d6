CKEDITOR.plugins.setLang("reviewvideo", "es", {
  button: "Vídeo",
  title: "Vídeo por su dirección",
  address: "Dirección del vídeo en YouTube o Vimeo",
  otherHost: "En la página solo pueden mostrarse vídeos de YouTube o Vimeo. Para otro sitio, escriba un enlace.",
  name: "Título",
  nameFirst: "Ponga un título al vídeo.",
  caption: "Escriba aquí el pie",
});
