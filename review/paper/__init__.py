"""The review on paper: a chapter, a branch or all of it as one PDF or one EPUB, from the same
stored HTML."""
