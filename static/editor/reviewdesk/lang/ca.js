CKEDITOR.plugins.setLang("reviewdesk", "ca", {
  noAnswer: "El lloc no ha respost. Torneu-ho a provar d’aquí a un moment.",
  loggedOut: "La sessió ha acabat. Inicieu-la de nou en una altra finestra; el text continua aquí.",
  tooLarge: "Aquest fitxer és massa gran.",
  plainOnly: "Enganxat com a text sense format.",
  pasting: "Un text llarg: s’està netejant.",
  tooLong: "És massa llarg per enganxar-lo amb el format.",
});
