CKEDITOR.plugins.setLang("reviewvoice", "en", {
  claim: "Claim",
  claimTitle: "What a source says, told in your words; its last paragraph may say which source",
  transcript: "Transcript",
  transcriptTitle: "Transcript of the video above, folded away on the page",
  own: "Note",
  ownTitle: "Personal note: your own view, set apart from what the articles say",
  letter: "Letter",
  letterTitle: "Private correspondence, set apart as a letter",
  source: "Attribution",
  sourceTitle: "Who said it and where: the last paragraph of a quotation, the first of a letter",
});
