"""A library of Zotero: `library` reads its database, `bring` makes works of it."""
