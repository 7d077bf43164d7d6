"""Pages and posts become chapters, posts and notes: each chunk in a transaction, with what it was
there kept beside it."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from taggit.models import TaggedItem

from blog.models import Post
from publishing import slugs, tags
from publishing.desk import revisions
from publishing.models import State
from publishing.richtext import sanitise
from references.citing import arriving
from references.importing.rows import insert
from references.models import Notes
from review.models import Chapter, Section

from . import articles, content, survey, wxr
from .places import OldPlaces
from .records import Item
from .report import CHANGED, DELETED
from .run import CHUNK, digest
from .said import language_of, state_of, summary_of

DEEPEST = 20
TOO_LONG = gettext_noop("its text is longer than one page can hold")
SECTIONS = {"chapter": Section.MAIN, "front": Section.FRONT, "back": Section.BACK}
# Kinds of terms that are no subjects.
NO_SUBJECT = {"language", "post_format", "nav_menu", "post_translations", "term_language"}
UNSORTED = {"uncategorized", "sin-categoria", "sense-categoria", "uncategorised"}


def bring(run):
    """All of them, those above first."""
    places = OldPlaces(run)
    levels = _levels(run)
    for level, entries in enumerate(levels):
        step = f"texts {level}"
        if run.done.get(step, 0) >= len(entries):
            continue
        at = run.done.get(step, 0)
        run.tell("texts", at, len(entries))
        for items in _chunks(run, entries[at:]):
            with run.writing([item.number for item, _entry in items]):
                posts = []
                for item, entry in items:
                    _bring(run, places, item, entry, posts)
                _write_posts(run, posts)
                run.advance(step, len(items))
            at += len(items)
            run.tell("texts", at, len(entries))


def _chunks(run, entries):
    """`[(item, entry)]` by the chunk, in the order of the file; chapters in that of places."""
    by_place = {entry.place: entry for entry in entries}
    items = (
        (each, by_place[each.place])
        for each in wxr.read(run.path, run.zone, set(by_place), comments=False)
        if isinstance(each, Item)
    )
    if entries and run.decisions.become(entries[0].number) != "post":
        order = {entry.place: number for number, entry in enumerate(entries)}
        items = sorted(items, key=lambda pair: order[pair[0].place])
    chunk = []
    for pair in items:
        chunk.append(pair)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _levels(run):
    """The pages by their depth, then the posts: what stands above comes first."""
    levels, posts = [], []
    for entry in sorted(
        run.survey.entries.values(),
        key=lambda each: (each.order, each.title.casefold(), each.number),
    ):
        if entry.kind not in ("page", "post"):
            continue
        if run.decisions.become(entry.number) in SECTIONS:
            depth = len(above(run, entry))
            while len(levels) <= depth:
                levels.append([])
            levels[depth].append(entry)
        else:
            posts.append(entry)
    return [*levels, sorted(posts, key=lambda each: each.place)]


def above(run, entry):
    """The pages an entry stands in that become chapters too, from the nearest; a ring of pages ends
    where it closes."""
    found, seen, number = [], {entry.number}, entry.parent
    while number and number not in seen and len(found) < DEEPEST:
        seen.add(number)
        parent = run.survey.entries.get(number)
        if parent is None:
            break
        if parent.status != "trash" and run.decisions.become(number) in SECTIONS:
            found.append(parent)
        number = parent.parent
    return found


def _bring(run, places, item, entry, posts):
    become = run.decisions.become(item.number)
    kind = item.kind
    left = _why_left(item, entry, become)
    if left:
        run.report.leave(kind, left, number=item.number, line=item.line, title=entry.title)
        return
    theirs = digest(
        item.title, item.text, item.excerpt, item.status, item.at, item.slug, item.password,
        [(term.kind, term.name) for term in item.terms], item.meta.get("_thumbnail_id"),
        item.meta.get("footnotes"),
    )  # fmt: skip
    row = run.known.get((kind, item.number))
    if row is None:
        _new(run, places, item, entry, theirs, posts)
    elif row.theirs == theirs:
        run.report.count(kind, "same")
    else:
        _again(run, places, item, entry, row, theirs)


def _why_left(item, entry, become):
    if item.status == "trash":
        return gettext_noop("it lay in the trash there")
    if item.status in ("auto-draft", "inherit"):
        return gettext_noop("WordPress kept it for itself")
    if become == "leave":
        return gettext_noop("you decided so")
    if not (item.text.strip() or entry.title or item.excerpt.strip()):
        return gettext_noop("it is empty")
    return ""


def _new(run, places, item, entry, theirs, posts):
    become = run.decisions.become(item.number)
    try:
        text, unsettled = _text(run, places, item, entry)
    except content.TooLong:
        why = TOO_LONG
        run.report.leave(item.kind, why, number=item.number, line=item.line, title=entry.title)
        return
    run.report.count(item.kind, "new")
    if become == "post":
        posts.append((item, _post(run, item, entry, text), theirs, unsettled))
        return
    if become == "notes":
        page, target = articles.notes(run, item, entry, text)
        if page is None:
            why = gettext_noop("notes on this work are here already")
            run.report.count(item.kind, "new", -1)
            run.report.leave(item.kind, why, number=item.number, line=item.line, title=entry.title)
            return
    else:
        page = target = _chapter(run, item, entry, become, text)
    run.record(
        item.kind, item.number, page=target, theirs=theirs, ours=ours(page), unsettled=unsettled
    )
    if become in SECTIONS and run.decisions.takes_articles(item.number):
        articles.place(run, page, item)


def _chapter(run, item, entry, become, text):
    page = Chapter(body=text, section=SECTIONS[become])
    parents = above(run, entry)
    label, pk = (parents and run.target(parents[0].number)) or ("", None)
    page.parent_id = pk if label == "review.chapter" else None
    if entry.parent and page.parent_id is None:
        run.report.note(
            gettext_noop("Its page above did not come in; it stands at the top"), entry.title
        )
    _fill(run, page, item, entry)
    page.slug = slugs.free(_slug(page, entry), page.slug_neighbours())
    page.save(updated=page.updated)
    _give_tags(run, [(item, page)])
    return page


def _slug(page, entry):
    kind = page._meta.model_name
    return slugs.make(entry.slug or page.title, kind=kind, reserved=page.RESERVED_SLUGS)


def _post(run, item, entry, text):
    """A post that is not saved yet."""
    if run.slugs is None:
        run.slugs = set(Post.objects.values_list("slug", flat=True))
    page = Post(body=text)
    _fill(run, page, item, entry)
    made = _slug(page, entry)
    page.slug = next(each for each in slugs.numbered(made, 120) if each not in run.slugs)
    run.slugs.add(page.slug)
    return page


def _write_posts(run, posts):
    if not posts:
        return
    arriving.save_new([page for _item, page, _theirs, _unsettled in posts])
    _give_tags(run, [(item, page) for item, page, _theirs, _unsettled in posts])
    run.record_new(
        (item, page, theirs, ours(page), unsettled) for item, page, theirs, unsettled in posts
    )


def _fill(run, page, item, entry):
    page.title = entry.title or entry.slug or f"WordPress {item.number}"
    page.summary = summary_of(item)
    page.language = language_of(run, item, page.body)
    page.state, page.publish_at = state_of(item)
    page.comments_open = item.comments_open
    page.updated = item.modified or item.at or timezone.now()
    if page.state == State.PUBLISHED and item.at:
        page.first_published = timezone.localdate(item.at)
    number = item.meta.get("_thumbnail_id", "")
    label, pk = (number.isdecimal() and run.target(int(number[:18]))) or ("", None)
    page.cover_id = pk if label == "publishing.image" else None
    if item.status not in ("publish", "draft", "future") or item.password:
        why = gettext_noop("It was not public there, or had a password, and is a draft here")
        run.report.note(why, entry.title)
    if item.sticky:
        run.report.note(
            gettext_noop("It stood first there (sticky); here the newest does"), entry.title
        )


def _text(run, places, item, entry):
    """`(clean HTML, whether it names what has not come in yet)`."""
    places.missed = False
    text = item.text
    become = run.decisions.become(item.number)
    if (
        become == "notes"
        or run.decisions.drops(item.number)
        or run.decisions.takes_articles(item.number)
    ):
        text = articles.without(run, item, entry)
    made = content.convert(text, places, survey.footnotes_of(item))
    run.report.tell(made.told, entry.title)
    item.excerpt = item.excerpt or made.opening
    html = made.html
    if item.creator and item.creator != run.owner:
        with override(run.language):
            by = _("By %(name)s") % {"name": run.names.get(item.creator, item.creator)}
        html = sanitise.clean(f"<p><em>{sanitise.text_of(sanitise.clean(by))}</em></p>{html}")
        run.report.note(gettext_noop("It is signed, for somebody else wrote it"), entry.title)
    return html, places.missed


def _give_tags(run, pairs):
    """Categories and tags become subjects: of `[(item, page)]`."""
    names = [(page, _subjects(item)) for item, page in pairs]
    missing = {name for _page, each in names for name in each if tags.key(name) not in run.subjects}
    if missing:
        run.subjects |= tags.pks_of(sorted(missing))
    rows = [
        (pk, ContentType.objects.get_for_model(page).pk, page.pk)
        for page, each in names
        for pk in dict.fromkeys(run.subjects[tags.key(name)] for name in each)
    ]
    insert(TaggedItem, ("tag", "content_type", "object_id"), rows)


def _subjects(item):
    names = [
        tags.clean_name(survey.words(term.name))
        for term in item.terms
        if term.kind not in NO_SUBJECT and term.slug not in UNSORTED
    ]
    return [name for name in names if name][: tags.MOST]


def ours(page):
    return digest(page.title if hasattr(page, "title") else "", page.body, page.state)


def _again(run, places, item, entry, row, theirs):
    """It changed there since: taken over, unless the author has changed it here."""
    page = row.page
    if page is not None and not hasattr(page, "body"):
        page = Notes.objects.filter(reference=page.pk).first()
    if page is None:
        run.report.keep(item.kind, DELETED, number=item.number, title=entry.title)
        return
    if ours(page) != row.ours:
        run.report.keep(item.kind, CHANGED, number=item.number, title=entry.title)
        return
    try:
        text, unsettled = _text(run, places, item, entry)
    except content.TooLong:
        run.report.keep(item.kind, TOO_LONG, title=entry.title)
        return
    revisions.keep_first([page], str(_("As it was before an import changed it")))
    page.body = text
    if hasattr(page, "title"):
        _fill(run, page, item, entry)
    page.save(updated=item.modified or timezone.now())
    revisions.keep([page], str(_("Changed by an import")))
    run.record(
        item.kind, item.number, page=row.page, theirs=theirs, ours=ours(page), unsettled=unsettled
    )
    run.report.count(item.kind, "updated")
