"""What people took back since a backup was made stays taken back: erased, withdrawn, unsubscribed;
and a mail that was sent since is not sent again.

It is read from the database that is replaced and from the list beside the backups; then a process
of its own, `manage.py repeat_erasures FILE`, repeats it on the scratch database.
"""

import json
from datetime import date, datetime

from django.db import DatabaseError, connection, transaction
from post_office.models import STATUS, Email

from comments.commenters import links, retention
from comments.models import Comment, Erasure, Subscription
from publishing.models import Consent, Follower
from publishing.models.versions import PublishedVersion
from publishing.versions import withdrawing

FIELDS = ("at", "comment", "created", "mailbox")


def erasures():
    """Plain rows of what was erased; none in a database of before there was a table of them."""
    if Erasure._meta.db_table not in connection.introspection.table_names():
        return []
    return _plain(Erasure.objects.order_by("pk").values(*FIELDS))


def _followers():
    """None in a database of before there was a table of them."""
    if Follower._meta.db_table not in connection.introspection.table_names():
        return None
    return _plain(Follower.objects.order_by("pk").values("pk", "agreed", *_moments()))


def _moments():
    """Those there are in that database, which may be of an earlier release."""
    with connection.cursor() as cursor:
        table = Follower._meta.db_table
        there = connection.introspection.get_table_description(cursor, table)
    return {"told", "warned"} & {column.name for column in there}


def _versions():
    """Published versions out of which words were taken, as they are since: nothing else remembers
    the words."""
    if PublishedVersion._meta.db_table not in connection.introspection.table_names():
        return []
    names = ("pk", "published", *withdrawing.FIELDS)
    found = PublishedVersion.objects.order_by("pk").values(*names).iterator(chunk_size=20)
    return _plain(row for row in found if withdrawing.lacks_words(row))


def gather(beside=()):
    """All of it as plain data; None where the database cannot tell. `beside`: rows of `erasures()`
    from elsewhere."""
    try:
        with transaction.atomic():
            comments = Comment.objects.order_by("pk")
            return {
                "erasures": [*beside, *erasures()],
                "withdrawn": _plain(
                    comments.exclude(withdrawn=None).values("pk", "created", "withdrawn")
                ),
                "unsubscribed": _plain(comments.filter(subscription=None).values("pk", "created")),
                "following": _followers(),
                "versions": _versions(),
                "sent": _plain(Email.objects.filter(status=STATUS.sent).values("pk", "created")),
                "consents": _plain(
                    Consent.objects.exclude(withdrawn=None).values("pk", "given", "withdrawn")
                ),
            }
    except DatabaseError:
        return None


def _plain(rows):
    """As JSON holds it; moments with all their digits."""
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def repeat(told):
    """Do it again here; `{what: number}`."""
    known = set(Erasure.objects.values_list("mailbox", "at"))
    rows = [_erasure(row) for row in told["erasures"]]
    Erasure.objects.bulk_create(
        [row for row in rows if row.comment or (row.mailbox, row.at) not in known],
        ignore_conflicts=True,
    )
    return {
        "comments erased": retention.erase_again(),
        "comments withdrawn": sum(map(_withdraw, told.get("withdrawn", []))),
        "requests for replies ended": sum(map(_unsubscribe, told.get("unsubscribed", []))),
        "followers who ended it": _unfollow(told.get("following")),
        "words taken out of versions": sum(map(_take_out, told.get("versions", []))),
        "mails sent, not to be sent twice": sum(map(_was_sent, told.get("sent", []))),
        "consents taken back": sum(map(_take_back, told.get("consents", []))),
    }


def _erasure(row):
    moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in ("at", "created")}
    return Erasure(**{**row, **moments})


def _same(model, row, moment):
    """The row of that number, if it is the same one."""
    return model.objects.filter(pk=row["pk"], **{moment: row[moment]})


def _withdraw(row):
    comment = _same(Comment, row, "created").filter(withdrawn=None, erased=None).first()
    if comment:
        links.withdraw(comment)
    return comment is not None


def _take_out(row):
    """A version is as it was published, but for what was taken out of it."""
    values = {name: row[name] for name in withdrawing.FIELDS}
    here = _same(PublishedVersion, row, "published")
    changed = [each for each in here.values(*withdrawing.FIELDS) if each != values]
    return here.update(**values) if changed else 0


def _unsubscribe(row):
    found = Subscription.objects.filter(comment__in=_same(Comment, row, "created"))
    return found.delete()[0]


def _unfollow(rows):
    """Who is not there any more has ended it; who was told is not told again."""
    if rows is None:
        return 0
    for row in rows:
        told = {name: row[name] for name in ("told", "warned") if row.get(name)}
        if told:
            moments = {name: datetime.fromisoformat(value) for name, value in told.items()}
            _same(Follower, row, "agreed").update(**moments)
    known = {(row["pk"], row["agreed"]) for row in rows}
    here = Follower.objects.values_list("pk", "agreed")
    gone = [pk for pk, agreed in here if (pk, agreed.isoformat()) not in known]
    return Follower.objects.filter(pk__in=gone).delete()[0]


def _was_sent(row):
    waiting = _same(Email, row, "created").exclude(status=STATUS.sent)
    return waiting.update(status=STATUS.sent)


def _take_back(row):
    consent = _same(Consent, row, "given").filter(withdrawn=None).first()
    if consent:
        consent.withdrawn = date.fromisoformat(row["withdrawn"])
        consent.save()
    return consent is not None


def read(path):
    """The list beside the backups; empty where there is none."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return []
