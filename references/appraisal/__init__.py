"""How far a study can be believed, by forms of the author's own."""
