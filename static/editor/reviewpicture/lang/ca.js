CKEDITOR.plugins.setLang("reviewpicture", "ca", {
  button: "Evidència",
  title: "Imatge de l’evidència",
  part: "Imatge",
  design: "Estudis d’aquest disseny",
  subject: "Estudis sobre aquest tema",
  all: "tots",
  name: "Títol",
  nameFirst: "Poseu-li un títol.",
  drawn: "Es dibuixa en desar, i de nou quan canvia un estudi de la biblioteca.",
  caption: "Escriviu aquí el peu",
});
