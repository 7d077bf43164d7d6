"""The roles of those who help at the desk: groups with the permissions each needs, and no more.

The owner's account is a superuser and needs none. Roles add up: somebody may have two.
"""

from django.contrib.auth.models import Group, Permission

_ALL = ("add", "change", "delete", "view")
_PAGES = (
    "review.chapter", "review.inshort", "blog.post", "references.notes", "comments.keptanswer",
)  # fmt: skip
_LIBRARY = (
    "references.reference", "references.person", "references.authorship", "references.studyfacts",
    "references.cites",
    "references.name", "references.glossaryterm", "references.layword", "references.readinglist",
    "references.listplace",
    "references.highlight", "references.furtherpdf", "references.study",
    "references.savedsearch", "references.searchrun", "references.hit",
    "references.exclusionreason",
)  # fmt: skip


def _may(actions, *models):
    return {
        f"{app}.{action}_{model}"
        for each in models
        for app, _dot, model in [each.partition(".")]
        for action in actions
    }


_WRITES_THE_REVIEW = {
    "publishing.publish_pages",
    *_may(
        _ALL,
        *_PAGES,
        *_LIBRARY,
        "review.placement",
        "publishing.image",
        "publishing.announcement",
        "taggit.tag",
    ),
    *_may(("view",), "publishing.redirect"),
    *_may(("add", "view"), "references.decision"),
    *_may(("change", "view"), "references.methods"),
    *_may(("delete", "view"), "publishing.foundnothing"),
    *_may(("change", "view"), "publishing.externallink"),
}
_MODERATES = {
    *_may(("change", "view"), "comments.comment"),
    *_may(("add", "change", "view"), "comments.wordlist"),
    *_may(_ALL, "comments.snippet", "comments.blocked"),
    *_may(("view",), "comments.decision", "references.reference"),
}
ROLES = {
    # All of the desk but accounts: letters and their consents, the mails, erasing what somebody
    # wrote.
    "Author": {
        *_WRITES_THE_REVIEW, *_MODERATES,
        *_may(_ALL, "publishing.consent"),
        *_may(("delete",), "comments.comment", "publishing.redirect"),
        *_may(("delete", "view"), "references.nomination"),
        *_may(("change", "view"), "publishing.sitesettings", "comments.desksettings",
            "comments.writer", "publishing.digest"),
        *_may(("view",), "post_office.email"),
    },
    # Chapters, posts, the library: nothing that names a reader or shows an e-mail address.
    "Editor": _WRITES_THE_REVIEW,
    # Comments and their answers: no page of the site.
    "Moderator": _MODERATES,
    # Reads all pages, writes their translations as drafts; somebody else publishes them.
    "Translator": {
        *_may(("add", "change", "view"), *_PAGES),
        *_may(("view",), "references.reference", "references.person", "publishing.image",
            "taggit.tag"),
    },
    # Own posts as drafts, with pictures and citations; sees nobody else's.
    "Guest writer": {*_may(("add",), "blog.post", "publishing.image"), *_may(("view",),
        "references.reference")},
}  # fmt: skip


def make(*, again=False):
    """The groups that are missing, or all of them as they are written here; the names of those that
    were made or set."""
    done = []
    for name, wanted in ROLES.items():
        group, created = Group.objects.get_or_create(name=name)
        if created or again:
            group.permissions.set(_rows(wanted))
            done.append(name)
    return done


def _rows(wanted):
    rows = Permission.objects.select_related("content_type")
    found = {f"{row.content_type.app_label}.{row.codename}": row for row in rows}
    return [found[name] for name in sorted(wanted)]
