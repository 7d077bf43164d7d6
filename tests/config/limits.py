"""docs/limits.md: every bound on what anybody may cause, read from where it is kept.

`python -m tests.config.limits` writes it; `test_limits_page` compares.
"""

import os
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/limits.md"
RATES = {
    "forms": "opening the comment form, other digits",
    "challenges": "pictures and sounds of the digits",
    "wrong answers": "wrong digits (then no more sending)",
    "previews": "previews of a comment",
    "sendings": "sending the comment form, whether it is taken or not",
    "comments": "comments taken",
    "own pages": "changes on one's own page, having one's data as a file",
    "followings": "asking to follow by mail",
    "nominations": "naming a work one misses",
    "subscriptions": "confirming “mail me when somebody answers”, or that one follows",
    "wrong passwords": "wrong passwords, from browsers that never logged in to the account",
    "wrong codes": "wrong codes of the second factor, likewise",
    "passkeys": "beginning to log in with a passkey",
    "searches": "searches, also in the library, in its exports and among the questions",
    "suggestions": "suggestions while one types",
    "look-ups": "looking up a DOI or PMID at the desk",
}
COUNTED = ("address", "mailbox", "account", "all")
MB = 1024 * 1024


def bounds():
    """`(what, how much, where it is kept)`"""
    from django.conf import settings

    from comments import answered, forms
    from comments.commenters import opened, subscriptions
    from comments.mailing import inbox
    from comments.threads import targets
    from config import unavailable
    from config.door import entry
    from config.moving import trees
    from publishing.desk import figures, hints, replacing
    from publishing.http import purging, shared, store
    from publishing.mailing import bounces, outbox
    from publishing.richtext import pasted
    from publishing.search import query
    from references.chasing import answers
    from references.formats import citation
    from references.importing import http
    from references.nominating import reading

    def setting(what, name, value=None):
        return what, value or f"{getattr(settings, name):,}", f"`{name}`"

    def megabytes(what, name):
        return setting(what, name, f"{getattr(settings, name) / MB:.0f} MB")

    def days(what, name):
        return setting(what, name, f"{getattr(settings, name)} days")

    def kept(what, value, module, name):
        return what, value, f"`{module.__name__}.{name}`"

    password = next(
        each["OPTIONS"]["min_length"]
        for each in settings.AUTH_PASSWORD_VALIDATORS
        if each["NAME"].endswith("MinimumLengthValidator")
    )
    yield "Words", [
        setting("a comment, in characters", "COMMENT_MAX_LENGTH"),
        kept("the sentence it quotes", f"{forms.LONGEST_QUOTE:,}", forms, "LONGEST_QUOTE"),
        kept("a page's text that sentences are offered from", f"{targets.LONGEST_TEXT:,}",
             targets, "LONGEST_TEXT"),
        kept("a search: characters looked at", f"{query.MAX_LENGTH:,}", query, "MAX_LENGTH"),
        kept("a search: words", f"{query.MAX_WORDS}", query, "MAX_WORDS"),
        kept("a question looked up while it is typed", f"{answered.LONGEST:,}", answered,
             "LONGEST"),
        kept("pasted text at the desk, in characters", f"{pasted.LONGEST:,}", pasted, "LONGEST"),
        kept("a text that hints are given for", f"{hints.LONGEST:,}", hints, "LONGEST"),
        kept("a work that a reader names", f"{reading.LONGEST:,}", reading, "LONGEST"),
        kept("a citation pasted to be looked up", f"{citation.LONGEST:,}", citation, "LONGEST"),
    ]  # fmt: skip
    yield (
        "Files and forms",
        [
            megabytes("a form without its files", "DATA_UPLOAD_MAX_MEMORY_SIZE"),
            setting("fields of a form", "DATA_UPLOAD_MAX_NUMBER_FIELDS"),
            megabytes("a picture", "IMAGE_MAX_BYTES"),
            setting("a picture, in pixels", "IMAGE_MAX_PIXELS"),
            kept("pictures at once", f"{figures.MOST_AT_ONCE}", figures, "MOST_AT_ONCE"),
            megabytes("a file of references, read by the task worker", "IMPORT_MAX_BYTES"),
            megabytes("the same without a task worker", "IMPORT_MAX_BYTES_AT_ONCE"),
            megabytes("a PDF", "PDF_MAX_BYTES"),
            setting("a PDF that is made, in pages", "BOOK_MAX_PAGES"),
            setting("and seconds it may take", "BOOK_SECONDS"),
            kept("a zip moved in, in files", f"{trees.MOST_FILES:,}", trees, "MOST_FILES"),
            kept("the same, unpacked", f"{trees.MOST_BYTES // 10**9} GB", trees, "MOST_BYTES"),
            kept("places that find and replace shows", f"{replacing.MOST:,}", replacing, "MOST"),
            kept(
                "works that cite one, or that it cites, of one index",
                f"{answers.MOST_OF_ONE:,}",
                answers,
                "MOST_OF_ONE",
            ),
            kept("what another site answers", f"{http.MOST_BYTES / MB:.0f} MB", http, "MOST_BYTES"),
        ],
    )
    yield "Who comes in", [
        ("a password, at least", f"{password} characters", "`AUTH_PASSWORD_VALIDATORS`"),
        setting("wrong passwords for one name from one address, an hour", "AXES_FAILURE_LIMIT"),
        setting("a session without a request", "SESSION_IDLE_HOURS",
                f"{settings.SESSION_IDLE_HOURS} hours"),
        setting("until the password is asked for again", "PASSWORD_AGAIN_MINUTES",
                f"{settings.PASSWORD_AGAIN_MINUTES} minutes"),
        kept("between password and code", f"{entry.PROOF_LASTS // 60} minutes", entry,
             "PROOF_LASTS"),
        days("a key to one's own page", "COMMENT_KEY_DAYS"),
        kept("one's own page, once opened", f"{opened.LASTS // 3600} hours", opened, "LASTS"),
        setting("correcting a comment", "COMMENT_EDIT_HOURS",
                f"{settings.COMMENT_EDIT_HOURS} hours"),
    ]  # fmt: skip
    yield "Work and memory", [
        setting("public pages kept, each process", "PAGE_STORE_MB", f"{settings.PAGE_STORE_MB} MB"),
        kept("one of them", f"{store.LARGEST / MB:.0f} MB", store, "LARGEST"),
        kept("pages in a store that nodes share, kept for", f"{shared.LASTS // 60} minutes",
             shared, "LASTS"),
        kept("that store is waited for", f"{shared.WAIT} s", shared, "WAIT"),
        kept("caches in front that must forget are waited for", f"{purging.PATIENCE} s", purging,
             "PATIENCE"),
        setting("a request waits for a lock", "LOCK_SECONDS", f"{settings.LOCK_SECONDS} s"),
        kept("a database that is away is asked for again", f"{unavailable.Absence.PAUSE} s",
             unavailable, "Absence.PAUSE"),
        setting("challenges that lie ready", "CAPTCHA_POOL"),
        setting("seconds to wait for another site", "LOOKUP_TIMEOUT"),
    ]  # fmt: skip
    yield "Mail", [
        kept("mails of welcome to one mailbox, a day", f"{subscriptions.WELCOMES_A_DAY}",
             subscriptions, "WELCOMES_A_DAY"),
        kept("mails in one run", f"{outbox.AT_ONCE}", outbox, "AT_ONCE"),
        ("tries of one mail", f"{settings.POST_OFFICE['MAX_RETRIES']}", "`POST_OFFICE`"),
        setting("seconds to wait for the server", "EMAIL_TIMEOUT"),
        kept("reports of mails that came back, in one run", f"{inbox.MOST}", inbox, "MOST"),
        kept("one of them, as far as it is read", f"{bounces.MOST // 1024} kB", bounces, "MOST"),
    ]  # fmt: skip
    yield (
        "How long what is kept",
        [
            days("spam", "COMMENT_SPAM_DAYS"),
            days("comments in the trash", "COMMENT_TRASH_DAYS"),
            days("marks of network addresses", "COMMENT_HASH_DAYS"),
            days("e-mail addresses nobody confirmed", "COMMENT_EMAIL_DAYS"),
            days("words before they were redacted", "COMMENT_ORIGINAL_DAYS"),
            days("who tried to log in", "LOGIN_DAYS"),
            days("what was typed at the desk and never saved", "DRAFT_DAYS"),
            days("what the author deleted", "TRASH_DAYS"),
            days("mails that were sent", "MAIL_KEEP_DAYS"),
        ],
    )


def table():
    """docs/limits.md"""
    from django.conf import settings

    lines = [INTRODUCTION, *_row("what", *COUNTED, first=True)]
    for name, limits in settings.LIMITS.items():
        cells = {per: f"{most:,} in {_time(seconds)}" for per, most, seconds in limits}
        lines += _row(RATES[name], *(cells.get(per, "") for per in COUNTED))
    for title, rows in bounds():
        lines += ["", f"## {title}", "", *_row("what", "at most", "kept in", first=True)]
        for row in rows:
            lines += _row(*row)
    return "\n".join(lines) + "\n"


def _row(*cells, first=False):
    yield f"| {' | '.join(cells)} |"
    if first:
        yield "|" + "---|" * len(cells)


def _time(seconds):
    return "an hour" if seconds == 3600 else f"{seconds // 60} minutes"


INTRODUCTION = """# Limits

Written by `python -m tests.config.limits` from where each is kept;
`tests/config/test_limits_page.py` fails while the two differ. Names in capitals are settings
(`config/settings.py`; many can be set in `.env`). What a text of this length costs:
[tried.md](tried.md), “What a hostile text costs”.

## How often

Per network address (of IPv6 its first half), per mailbox, per account, and of all together. Whoever
reaches one gets 429 with `Retry-After`, in words, with everything typed kept. Each process counts
for itself unless `CACHE_URL` names a Redis.
"""


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings

    from config import settings as shipped

    settings.LIMITS, settings.CAPTCHA_POOL = shipped.LIMITS, shipped.CAPTCHA_POOL
    PAGE.write_text(table(), encoding="utf-8")
