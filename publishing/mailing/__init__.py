"""The outbox of mail: kept in the database, sent later (`outbox`), what a server knows of a mail
(`smtp`), what reports of mails that came back say (`bounces`)."""
