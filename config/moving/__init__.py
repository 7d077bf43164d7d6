"""Moving in from elsewhere. See docs/adr/0043."""
