"""A WordPress site moves in: `wxr` reads its export, `content` makes its texts ours (neither knows
the database), `bring` writes."""
