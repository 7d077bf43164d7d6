"""Where reports of mails that came back lie: a Maildir, a file of mails (mbox), or a mailbox at a
provider (IMAP). What was read is taken away, so that it is read once."""

import imaplib
import mailbox
import ssl
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

MOST = 500  # in one run
SECONDS = 20
LARGEST = 5 * 1024 * 1024  # of a mail: a larger one is left where it is
SCHEMES = ("imaps", "imap")


class InboxError(Exception):
    """It cannot be read; the words say why."""


def messages(place: str):
    """Bytes of one mail after the other; each is deleted once the next one is asked for.

    `place`: a path, or imaps://user:password@host/folder.
    """
    if urlsplit(place).scheme in SCHEMES:
        yield from _imap(urlsplit(place))
        return
    path = Path(place)
    if not path.exists():
        raise InboxError(f"{path} is not there.")
    box = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    try:
        box.lock()
    except mailbox.ExternalClashError:
        raise InboxError(f"{path} is being written to; the next run reads it.") from None
    try:
        for key in list(box.keys())[:MOST]:
            yield box.get_bytes(key)[: LARGEST + 1]
            box.remove(key)
    finally:
        box.flush()
        box.unlock()
        box.close()


def _imap(address):
    with _logged_in(address) as server:
        folder = unquote(address.path.strip("/")) or "INBOX"
        if server.select(f'"{folder}"')[0] != "OK":
            raise InboxError(f"There is no folder {folder}.")
        for number in server.search(None, "ALL")[1][0].split()[:MOST]:
            size = server.fetch(number, "(RFC822.SIZE)")[1][0].rpartition(b" ")[2].strip(b")")
            if size.isdigit() and int(size) <= LARGEST:
                yield server.fetch(number, "(RFC822)")[1][0][1]
            server.store(number, "+FLAGS", r"(\Deleted)")
        server.expunge()


@contextmanager
def _logged_in(address):
    server = None
    try:
        if address.scheme == "imaps":
            context = ssl.create_default_context()
            server = imaplib.IMAP4_SSL(
                address.hostname, address.port or 993, ssl_context=context, timeout=SECONDS
            )
        else:
            server = imaplib.IMAP4(address.hostname, address.port or 143, timeout=SECONDS)
        server.login(unquote(address.username or ""), unquote(address.password or ""))
        yield server
    except (OSError, imaplib.IMAP4.error) as error:
        raise InboxError(f"{address.hostname}: {error}") from error
    finally:
        if server is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
