"""Posts from a folder of Markdown: `files` reads one, `bring` makes posts of all."""
