CKEDITOR.plugins.setLang("reviewconsent", "en", {
  button: "Consent",
  title: "The consent under which this letter is published",
  which: "Consent",
  none: "none yet",
  hint: "Readers see one line: as whom the writer is shown, and the day. The rest of the record is for you alone.",
  nothing: "No consent is on record yet. Add one in the admin, under “Consents to publish letters”.",
});
