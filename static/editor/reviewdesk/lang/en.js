CKEDITOR.plugins.setLang("reviewdesk", "en", {
  noAnswer: "The site did not answer. Try again in a moment.",
  loggedOut: "You are not logged in any more. Log in again in another window; your text stays here.",
  tooLarge: "This file is too large.",
  plainOnly: "Pasted as plain text.",
  pasting: "A long text: it is being cleaned.",
  tooLong: "It is too long to be pasted with its form.",
});
