"""Published versions: a page frozen at an address of its own (`publish`), what differs between two
(`differences`), and what must not be shown any more taken out of all of them (`withdrawing`)."""
