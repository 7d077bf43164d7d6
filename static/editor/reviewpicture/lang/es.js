CKEDITOR.plugins.setLang("reviewpicture", "es", {
  button: "Evidencia",
  title: "Imagen de la evidencia",
  part: "Imagen",
  design: "Estudios de este diseño",
  subject: "Estudios sobre este tema",
  all: "todos",
  name: "Título",
  nameFirst: "Póngale un título.",
  drawn: "Se dibuja al guardar, y de nuevo cuando cambia un estudio de la biblioteca.",
  caption: "Escriba aquí el pie",
});
