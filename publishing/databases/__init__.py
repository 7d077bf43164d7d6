"""Django's SQLite and PostgreSQL, which also say that something was written that readers see."""
