CKEDITOR.plugins.setLang("reviewpicture", "en", {
  button: "Evidence",
  title: "Picture of the evidence",
  part: "Picture",
  design: "Studies of this design",
  subject: "Studies on this subject",
  all: "all",
  name: "Title",
  nameFirst: "Give it a title.",
  drawn: "It is drawn when you save, and again when a study of the library changes.",
  caption: "Write a caption here",
});
