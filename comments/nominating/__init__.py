"""The form by which readers name a work they miss; what becomes of it: `references.nominating`."""
