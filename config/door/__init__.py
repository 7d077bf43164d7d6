"""The way in to the desk: password, second factor, passkeys, sessions. docs/adr/0034."""
