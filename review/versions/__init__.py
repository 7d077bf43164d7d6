"""A chapter's published versions: how one is made (`freezing`), its pages, what it says of itself
to machines."""
