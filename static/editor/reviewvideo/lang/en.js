CKEDITOR.plugins.setLang("reviewvideo", "en", {
  button: "Video",
  title: "Video by its address",
  address: "Address of the video at YouTube or Vimeo",
  otherHost: "Only videos at YouTube or Vimeo can be shown in the page. For another place, write a link instead.",
  name: "Title",
  nameFirst: "Give the video a title.",
  still: "Figure shown until it plays",
  noStill: "none",
  caption: "Write the caption here",
});
