"""The whole site in one file, and back: see docs/adr/0032. `making` writes it, `restoring` reads it
into scratch, compares, and puts it in the place of what is there."""
