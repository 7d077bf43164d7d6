"""Who may do what at which address: the one list, which `test_permissions` holds every address of
the site to.

`python -m tests.config.permissions` writes docs/permissions.md from it.
"""

import os
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/permissions.md"

# What an address asks for. "nobody" says that it is there, as the package made it, and refuses
# everybody.
NOBODY = "nobody"
ROLES = {
    "anybody": {"all"},
    "logged in": {"all"},
    "staff": {"all", "staff"},
    "view": {"all", "staff", "view"},
    "change": {"all", "staff", "view", "change"},
    "author": {"all", "staff", "view", "change", "add", "delete"},
    "superuser": {"all", "staff", "view", "change", "add", "delete", "superuser"},
}

# (what it takes to open it, what it takes to write there; None: a POST is refused, or answered as
# if to look)
LIST = ("view", None)
STANDARD = {
    "changelist": LIST,
    "add": ("add", "add"),
    "change": ("view", "change"),
    "delete": ("delete", "delete"),
    "history": LIST,
    "": ("staff", None),  # leads on to the form
    "compare": LIST,
    "revision": ("change", "change"),
    "recoverlist": ("staff", None),  # leads on to the trash
    "recover": ("staff", None),
    "drafts": (NOBODY, "change"),  # of an open form; a new one takes the permission to add
    "drafts/<int:draft_id>": ("change", None),  # one's own alone
    "drafts/<int:draft_id>/discard": (NOBODY, "change"),
    "hints": (NOBODY, "change"),  # what may want another look in a text; or add
    "<int:pk>/translate": (NOBODY, "add"),  # makes a draft in another language
    "preview": (NOBODY, "add"),  # of what is not saved yet
    "<int:pk>/preview": ("view", "change"),
    "<int:pk>/preview/link": ("view", "view"),
    "<int:pk>/next/discard": ("change", "change"),
}
NOT_ADDED = {"add": (NOBODY, NOBODY)}
NOT_CHANGED = {**NOT_ADDED, "change": LIST}
KEPT = {"delete": (NOBODY, NOBODY)}
ACCOUNTS = {
    name: ("superuser", write and "superuser") for name, (_open, write) in STANDARD.items() if name
}
DIFFERENT = {
    "publishing.redirect": NOT_CHANGED,
    "publishing.digest": {**NOT_ADDED, **KEPT, "change": ("view", None)},
    "publishing.externallink": {**NOT_CHANGED, **KEPT},
    "publishing.foundnothing": NOT_CHANGED,
    "publishing.sitesettings": {
        **NOT_ADDED, **KEPT,
    },
    "post_office.email": NOT_CHANGED,
    "axes.accessattempt": NOT_CHANGED,
    "comments.comment": NOT_ADDED,
    "comments.wordlist": KEPT,
    "comments.desksettings": {**NOT_ADDED, **KEPT},
    "comments.decision": {**NOT_CHANGED, **KEPT},
    "references.hit": {**NOT_CHANGED, **KEPT},
    "references.searchrun": {**NOT_CHANGED, **KEPT},
    "references.nomination": NOT_CHANGED,
    "references.methods": {**NOT_ADDED, **KEPT},
    "publishing.siteimport": ACCOUNTS,
    "auth.user": ACCOUNTS,
    "auth.group": ACCOUNTS,
}  # fmt: skip

# Addresses of their own at the desk: what they take, and of which model the permission is.
OWN = {
    "admin:index": ("staff", None, ""),
    "admin:login": ("all", "all", ""),
    "admin:logout": (NOBODY, "staff", ""),
    "admin:password_change": ("staff", "staff", ""),
    "admin:password_change_done": ("staff", None, ""),
    "admin:autocomplete": (
        "view",
        None,
        "references.person",
    ),  # of whatever the chooser chooses from
    "admin:jsi18n": ("staff", None, ""),
    "admin:app_list": ("view", None, "taggit.tag"),  # of any model of the app
    "admin:": ("staff", None, ""),  # what is no address: not found
    "style": ("staff", None, ""),
    "again": ("all", "all", ""),  # logging in without leaving a form
    "passkey": (NOBODY, "all", ""),  # logging in with one
    # One's own account, and nobody else's; the password is asked for again before keys are made.
    "account": ("staff", None, ""),
    "account-app": ("staff", "staff", ""),
    "account-qr": ("staff", None, ""),  # of the key being set up; leads there where none is
    "account-passkey": ("staff", "staff", ""),
    "account-codes": ("staff", "staff", ""),
    "account-remove": ("staff", "staff", ""),
    "account-sessions": (NOBODY, "staff", ""),
    # Of whatever kind of thing one may delete.
    "admin:publishing_trashed_changelist": ("delete", None, "blog.post"),
    "admin:publishing_trashed_restore": (NOBODY, "delete", "blog.post"),
    "admin:publishing_trashed_delete": ("delete", "delete", "blog.post"),
    "admin:auth_user_password_change": ("superuser", "superuser", "auth.user"),
    # Of whatever kind of page one may change, for the pages one may.
    "admin:publishing_replacement_changelist": ("change", "change", "blog.post"),
    "admin:publishing_replacement_report": ("change", None, "blog.post"),  # one's own alone
    "admin:publishing_externallink_again": (NOBODY, "change", "publishing.externallink"),
    "admin:publishing_siteimport_leave": ("superuser", "superuser", "publishing.siteimport"),
    "admin:publishing_image_pick": ("view", None, "publishing.image"),  # or add
    "admin:publishing_image_upload": (NOBODY, "add", "publishing.image"),
    "admin:publishing_page_pick": (
        "view",
        None,
        "blog.post",
    ),  # or of another kind of page; drafts of that kind alone
    "admin:publishing_paste": (NOBODY, "staff", ""),  # cleans what it is sent, and keeps nothing
    "admin:publishing_consent_pick": ("view", None, "publishing.consent"),
    "admin:publishing_consent_make": (NOBODY, "add", "publishing.consent"),
    "admin:publishing_image_several": (NOBODY, "add", "publishing.image"),
    "admin:publishing_image_describe": (NOBODY, "change", "publishing.image"),
    "admin:publishing_image_replace": ("change", "change", "publishing.image"),
    "admin:publishing_image_undo": (NOBODY, "change", "publishing.image"),
    "admin:publishing_image_withdraw": ("change", "change", "publishing.image"),
    "admin:publishing_image_put_back": (NOBODY, "change", "publishing.image"),
    "admin:publishing_digest_send": ("view", "change", "publishing.digest"),
    "admin:publishing_first_day": (NOBODY, "change", "publishing.sitesettings"),
    "chapter-docx": ("view", None, "review.chapter"),
    "chapter-xml": ("view", None, "review.chapter"),
    "admin:review_chapter_arrange": ("view", "change", "review.chapter"),
    "admin:review_chapter_works": ("view", "change", "review.placement"),  # in and out: add, delete
    "admin:review_chapter_versions": ("view", "change", "review.chapter"),  # and publish pages
    "admin:review_chapter_place": ("change add", "change add", "review.placement"),
    "admin:references_pick": ("view", None, "references.reference"),
    "admin:references_picture_pick": ("view", None, "references.reference"),
    "admin:references_make": (NOBODY, "add change", "references.reference"),
    "admin:references_import": ("add change", "add change", "references.reference"),
    "admin:references_import_preview": (
        "add change",
        "add change",
        "references.reference",
    ),  # one's own alone
    "admin:references_screening": ("view", None, "references.hit"),  # deciding: add, of decisions
    "admin:references_flow": ("view", None, "references.hit"),
    "admin:references_chasing": ("view", None, "references.hit"),  # deciding: add, of decisions
    "admin:references_by_hand": ("add", "add", "references.searchrun"),
    "admin:references_layword_starter": (NOBODY, "add", "references.layword"),
    "admin:references_lookup": ("add change", "add change", "references.reference"),
    "admin:references_ask": ("add change", "add change", "references.reference"),
    "admin:references_people_pick": ("view", None, "references.reference"),
    "admin:references_reading": (NOBODY, "change", "references.reference"),
    "admin:references_free_text": ("change", "change", "references.reference"),
    "admin:references_passage_to_notes": (NOBODY, "add change", "references.notes"),
    "admin:references_further_pdf": ("view", None, "references.reference"),
    "admin:references_appraise": ("change", "change", "references.reference"),
    "admin:references_appraisalform_starter": (NOBODY, "add", "references.appraisalform"),
    "admin:references_notices": ("change", None, "references.reference"),
    "admin:references_notices_check": (NOBODY, "change", "references.reference"),
    "admin:references_notices_upload": (NOBODY, "change", "references.reference"),
    "admin:references_notice": ("change", "change", "references.reference"),
    "admin:references_alike": ("change delete", None, "references.reference"),
    "admin:references_merge": ("change delete", "change delete", "references.reference"),
    "admin:references_merge_undo": (NOBODY, "change delete", "references.reference"),
    "admin:comments_comment_answer": ("change", "change", "comments.comment"),
    "admin:comments_comment_desk": ("change", None, "comments.comment"),
    "admin:comments_comment_desk_act": ("change", "change", "comments.comment"),
    "admin:comments_comment_desk_draft": (NOBODY, "change", "comments.comment"),
    "admin:comments_comment_desk_undo": ("change", "change", "comments.comment"),
    "admin:comments_comment_desk_figures": ("change", None, "comments.comment"),
    "admin:comments_comment_desk_mail": (NOBODY, "change", "comments.comment"),
    "admin:comments_writer_changelist": (
        "view",
        "view",
        "comments.writer",
    ),  # erasing: delete, of comments
}

# Addresses for readers: every one is open to anybody. The second list takes what they send.
PUBLIC = """
healthz readyz robots sitemap sitemap-part security captcha-image captcha-audio card media home
search suggest shared-preview
tag tag-feed feed page-comments questions ask answered kept:answer privacy legal
review:contents review:feed review:book review:references review:cite review:chapter
review:versions review:version review:changes review:version-references review:version-cite
review:linkset review:datacite whatsnew:list whatsnew:feed whatsnew:detail whatsnew:detail-feed
whatsnew:csv
references:library references:feed references:export references:evidence references:evidence-csv
references:pictures references:picture-svg references:picture-csv
references:appraisals references:appraisals-csv references:appraisal
references:take references:compare references:wanted references:methods references:flow
references:flow-png references:decisions
references:people references:person
references:pdf references:reference-export references:styles references:reference
inshort:index inshort:feed inshort:page inshort:sheet inshort:cite
names:register names:name glossary:list glossary:term
blog:index blog:feed blog:year blog:cite blog:post
comments:permalink comments:thread comments:feed comments:sent
""".split()
PUBLIC_FORMS = """
comments:new comments:preview comments:key comments:mine comments:correct comments:confirm
comments:follow comments:follow-confirm comments:follow-end comments:follow-key comments:following
comments:decide comments:unsubscribe comments:export nominate
""".split()
# What else an address for readers asks for, whoever somebody is.
NEEDED = {
    "comments:key": "the key, from a mail or the page after sending",
    **dict.fromkeys(
        ("comments:mine", "comments:correct", "comments:export", "comments:following"),
        "one's own page, opened by it",
    ),
    **dict.fromkeys(
        ("comments:confirm", "comments:unsubscribe", "comments:decide"), "the signed link of a mail"
    ),
    **dict.fromkeys(
        ("comments:follow-confirm", "comments:follow-end", "comments:follow-key"),
        "the key in the link of a mail",
    ),
    "shared-preview": "the link for a colleague, until it ends",
    "readyz": "what it is, it tells administrators alone",
    "references:methods": "that the author made it public",
    "references:flow": "that the author made it public",
    "references:flow-png": "that the author made it public",
    "references:decisions": "that the author made it public",
    "references:pdf": "a licence that lets it be shown",
    "comments:sent": "the signed mark of what was just sent",
}

_MODEL = re.compile(r"admin/(\w+)/(\w+)/(.*)")
_KINDS = {"": "changelist", "add/": "add", "history/compare/": "compare",
    "^recover/$": "recoverlist",
          r"^recover/(\d+)/$": "recover", r"^([^/]+)/history/(\d+)/$": "revision"}  # fmt: skip


def line_of(route, name):
    """`(open, write, model)` of an address by its route and name; None where none is declared."""
    if name in PUBLIC:
        return "all", None, ""
    if name in PUBLIC_FORMS:
        return "all", "all", ""
    found = _MODEL.match(route)
    if name in OWN and not (name == "admin:" and found):
        return OWN[name]
    if not found:
        return None
    app, model, rest = found.groups()
    bare = re.sub(r"^<(?:path|str):object_id>/", "", rest)
    kind = "" if rest == "<path:object_id>/" else _KINDS.get(bare, bare.rstrip("/"))
    if kind not in STANDARD:
        return None
    return *DIFFERENT.get(f"{app}.{model}", {}).get(kind, STANDARD[kind]), f"{app}.{model}"


def may(role, need):
    return need not in (None, NOBODY) and set(need.split()) <= ROLES[role]


def addresses(patterns=None, before="", namespace=""):
    """`(route, name, pattern)` of every address the site answers."""
    from django.urls import URLPattern, get_resolver

    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, f"{namespace}{each.name or ''}", each
        else:
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from addresses(each.url_patterns, route, inner)


def table():
    """docs/permissions.md"""
    head = ["address", "permission of", *ROLES]
    rows = [head, ["---"] * len(head)]
    for route, name, _pattern in addresses():
        line = line_of(route, name)
        if (
            line is None
            or name in PUBLIC
            or name in PUBLIC_FORMS
            or (line == (*STANDARD[""], line[2]) and line[2])
        ):
            continue
        needs_open, needs_write, model = line
        marks = [_mark(may(role, needs_open), may(role, needs_write)) for role in ROLES]
        rows.append(
            [f"`{_plain(route)}`", model.rpartition(".")[2] if "." in model else "–", *marks]
        )
    return f"{INTRODUCTION}\n{_lines(rows)}\n{READERS}\n{_lines(_for_readers())}\n"


def _lines(rows):
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _for_readers():
    yield "address", "everybody", "and asks for"
    yield "---", "---", "---"
    for route, name, _pattern in addresses():
        if name in PUBLIC or name in PUBLIC_FORMS:
            marks = "r w" if name in PUBLIC_FORMS else "r"
            yield f"`/{_plain(route)}`", marks, NEEDED.get(name, "–")


def _mark(opens, writes):
    return {(True, True): "r w", (True, False): "r", (False, True): "w"}.get((opens, writes), "")


def _plain(route):
    """The route with regular expressions and converters said shortly."""
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route)
    route = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", route)
    return (
        re.sub(r"\^|\$", "", route).replace(r"(\d+)", "<version>").replace("([^/]+)", "<object_id>")
    )


INTRODUCTION = """# Who may do what at the desk

Written from `tests/config/permissions.py` by `python -m tests.config.permissions`;
`tests/config/test_permissions.py` asks every address as each of these people, by GET, HEAD, POST,
PUT and DELETE. An address without a line there fails it.

`r`: may look. `w`: may write, by POST alone; nothing is ever changed by looking, but that who
looked at somebody's data is noted. Empty: is sent to log in, or refused. *staff* is on the staff
without any permission; *view* and *change* have that
one for the model in the second column and no other, and *change* may publish (who may not, works
on drafts); *author* has all permissions of every model. Accounts and roles are for superusers
alone: who may change an account could give it every permission. A row's bare address leads
everybody on staff on to its form, which asks for more. What the roles that come with it may do:
`config/roles.py`. What readers may do stands below.
"""
READERS = """## For readers

Every address but those above, each also below `/es/` and `/ca/`; the same for all seven, whoever is
logged in (`tests/config/test_same_for_everybody.py`). `r w` are forms, which take POST; all others
only answer. What is not published is not there for anybody. `/static/` and `/media/` are files.
"""


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    PAGE.write_text(table(), encoding="utf-8")
