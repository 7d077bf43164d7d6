CKEDITOR.plugins.setLang("reviewdesk", "es", {
  noAnswer: "El sitio no ha respondido. Vuelva a intentarlo dentro de un momento.",
  loggedOut: "La sesión ha terminado. Inicie sesión de nuevo en otra ventana; su texto sigue aquí.",
  tooLarge: "Este archivo es demasiado grande.",
  plainOnly: "Pegado como texto sin formato.",
  pasting: "Un texto largo: se está limpiando.",
  tooLong: "Es demasiado largo para pegarlo con su formato.",
});
