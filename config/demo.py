"""The sample content: a library of 90 real records, chapters, notes, posts, and comments that are
plainly samples.

`load()` makes what is missing and touches nothing that exists, so it can run as often as one likes.
"""

import json
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from taggit.models import Tag

from blog.models import Post
from comments.models import Comment, KeptAnswer
from comments.threads import order
from publishing import images, search, tags
from publishing.desk import revisions
from publishing.models import Image, SiteSettings
from publishing.richtext import links
from references import explaining, synonyms
from references.formats import csljson
from references.importing import save
from references.models import Condition, GlossaryTerm, Name, NameUse, Notes, Reference, StudyFacts
from references.vocabulary import ReadingState
from review.models import Chapter, InShort, Placement, Section

from . import sample_living, sample_searches

FOLDER = Path(__file__).parent / "sample"
INTRODUCTION_ES = (
    "Los ratones de la espalda son bultos pequeños de grasa que se palpan bajo la piel, encima del"
    " sacro y a lo largo de las crestas de las caderas. Algunos de los artículos reunidos aquí los"
    " presentan como causa de dolor lumbar. Este sitio los lee uno a uno, desde 1904 hasta hoy, y"
    " dice qué encontró cada uno y qué dejó por resolver."
)
INTRODUCTION_CA = (
    "Els ratolins de l’esquena són bonys petits de greix que es palpen sota la pell, damunt del"
    " sacre i al llarg de les crestes dels malucs. Alguns dels articles aplegats aquí els presenten"
    " com a causa de dolor lumbar. Aquest lloc els llegeix un per un, des de 1904 fins avui, i diu"
    " què va trobar cadascun i què va deixar per resoldre."
)
INTRODUCTION = (
    "Back mice are small lumps of fat that can be felt under the skin over the sacrum and along the"
    " top of the hip bones. Some of the articles collected here report them as a cause of low back"
    " pain. This site reads them one by one, from 1904 to today, and says what each of them found"
    " and what it left open."
)


def _json(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _text(name):
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _moment(text):
    moment = datetime.fromisoformat(text)
    return timezone.make_aware(moment.replace(hour=moment.hour or 9))


def _day(text):
    return date.fromisoformat(text) if text else None


def load():
    """Make the missing sample content; gives `{what: how many were made}`."""
    return _library() | _pages()


@transaction.atomic
def _library():
    """Committed before there are texts: else each word that is explained would have those rendered
    again in which it stands already."""
    made = {"subjects": _subjects(), "references": _references()}
    with explaining.together(), search.together():
        made |= {"names": names(), "words explained": _glossary(), "facts of studies": _facts()}
    return made | {
        "words of readers": synonyms.add_starter(),
        "records found": sample_searches.load(_json("searches.json")),
        "studies judged": sample_living.appraisals(_json("living.json")["appraisals"]),
    }


@transaction.atomic
def _pages():
    made = {"figures": _figures()}
    with search.together():
        chapters = _chapters()
        # Before the texts: each that cites a work is rendered again when that gets its notes.
        notes = _notes()
        made |= {
            "chapters": _write(chapters),
            "pages in short": _short(),
            "notes": notes,
            "posts": _posts(),
            "comments": _comments(),
            "kept answers": _kept(),
            "settings": _settings(),
        }
    made["published versions"] = sample_living.version(_json("living.json")["version"])
    _first_versions()
    return made


def _subjects():
    """Their names in the languages of the site; what has names already keeps them."""
    items = _json("subjects.json")
    unnamed = Tag.objects.filter(pk__in=tags.pks_of(list(items)).values(), names=None)
    for tag in unnamed:
        tags.call(tag, items.get(tag.name, {}))
    return len(unnamed)


def _references():
    known = set(Reference.objects.values_list("citekey", flat=True))
    parsed = csljson.parse(_text("library.csl.json"))
    missing = [record for record in parsed.records if record.citekey not in known]
    made = save.save_records(records=missing).new
    wanted = set(_json("wanted.json")) - known
    Reference.objects.filter(citekey__in=wanted).update(reading_state=ReadingState.WANTED)
    return made


def names():
    """The register: who uses a name is read off the titles as printed; what no title tells is in
    the file."""
    register, made = _json("names.json"), 0
    condition, _created = Condition.objects.get_or_create(
        slug=register["slug"], defaults={"title": register["title"], "note": register["note"]}
    )
    for item in register["names"]:
        if condition.names.filter(title=item["title"], language=item["language"]).exists():
            continue
        name = Name.objects.create(
            condition=condition,
            title=item["title"],
            forms="\n".join(item.get("forms", ())),
            language=item["language"],
            standing=item.get("standing", "plain"),
            expands=item.get("expands", True),
            note=item.get("note", ""),
        )
        name.find_uses()
        for citekey, remark in (item.get("also", {}) | item.get("remarks", {})).items():
            reference = Reference.objects.filter(citekey=citekey).first()
            if reference is not None:
                NameUse.objects.update_or_create(
                    name=name, reference=reference, defaults={"remark": remark}
                )
        made += 1
    return made


def _glossary():
    known = set(GlossaryTerm.objects.values_list("language", "title"))
    items = [
        item for item in _json("glossary.json") if (item["language"], item["title"]) not in known
    ]
    for item in items:
        GlossaryTerm.objects.create(**{**item, "forms": "\n".join(item.get("forms", ()))})
    return len(items)


def _facts():
    """Only what the records and the titles themselves say."""
    items = _json("evidence.json")
    missing = Reference.objects.filter(citekey__in=items, facts=None)
    return len(
        [
            StudyFacts.objects.create(reference=reference, **items[reference.citekey])
            for reference in missing
        ]
    )


def _figures():
    made = 0
    for item in _json("images.json"):
        name = f"{images.FOLDER}/{item['file']}"
        if Image.objects.filter(file=name).exists():
            continue
        stored, width, height, widths = images.store_made(FOLDER / "images" / item["file"])
        Image.objects.create(
            file=stored, width=width, height=height, widths=widths, title=item["file"],
            alt=item["alt"],
            caption=item.get("caption", ""), credit=item["credit"], licence=item["licence"],
            line_drawing=True, **item.get("said", {}),
        )  # fmt: skip
        made += 1
    return made


def _chapters():
    """Every chapter is made empty first, so that texts written afterwards can link to any of
    them; gives `[(key, item)]` of those, for `_write`."""
    summaries = {}
    for number in (1, 2, 3):
        summaries |= _json(f"chapters/summaries-{number}.json")
    made = []
    waiting = [(item, None) for item in _json("outline.json")]
    while waiting:
        item, parent = waiting.pop(0)
        chapter = Chapter.objects.filter(parent=parent, slug=item["slug"]).first()
        if chapter is None:
            chapter = Chapter(
                parent=parent,
                slug=item["slug"],
                title=item["title"],
                section=item.get("section", Section.MAIN),
                state=item["state"],
                summary=summaries.get(item["slug"], ""),
                first_published=_day(item.get("published")),
                reviewed=_day(item.get("reviewed")),
                language=item.get("language", "en"),
                translation_of=Chapter.objects.filter(slug=item.get("translation_of")).first(),
                evidence_table=item.get("evidence", False),
            )
            chapter.save(updated=_moment(item["updated"]))
            made.append((chapter.pk, item))
        waiting.extend((child, chapter) for child in item.get("children", ()))
    return made


def _write(made):
    """The texts of the chapters, and the works listed under each; gives how many there are."""
    remarks = _json("remarks-1.json") | _json("remarks-2.json")
    references = {reference.citekey: reference for reference in Reference.objects.all()}
    for pk, item in made:
        chapter = Chapter.objects.get(pk=pk)
        chapter.body = _text(f"chapters/{item['slug']}.html")
        chapter.cover = Image.objects.filter(file=f"{images.FOLDER}/{item.get('cover')}").first()
        chapter.save(updated=_moment(item["updated"]))
        own = remarks.get(item["slug"], {})
        Placement.objects.bulk_create(
            Placement(chapter=chapter, reference=references[key], remark=own.get(key, ""))
            for key in item["citekeys"]
            if key in references
        )
    return len(made)


def _short():
    made = 0
    for item in _json("short.json"):
        if InShort.objects.filter(slug=item["slug"]).exists():
            continue
        InShort(
            slug=item["slug"],
            title=item["title"],
            language=item["language"],
            summary=item["summary"],
            translation_of=InShort.objects.filter(slug=item.get("of")).first(),
            state="published",
            first_published=_day(item["published"]),
            body=_text(f"short/{item['slug']}.html"),
        ).save(updated=_moment(item["published"]))
        made += 1
    return made


def _notes():
    made = 0
    for item in _json("notes.json"):
        reference = Reference.objects.filter(citekey=item["citekey"], notes=None).first()
        if reference is None:
            continue
        notes = Notes(reference=reference, state=item["state"], body=_text(item["body"]))
        notes.save(updated=_moment(item["updated"]))
        made += 1
    return made


def _posts():
    made = 0
    for item in _json("posts.json"):
        if Post.objects.filter(slug=item["slug"]).exists():
            continue
        post = Post(
            slug=item["slug"],
            title=item["title"],
            language=item["language"],
            summary=item["summary"],
            state="published",
            first_published=_day(item["published"]),
            body=_text(item["body"]),
        )
        post.save(updated=_moment(item["published"]))
        post.tags.add(*item["tags"])
        made += 1
    return made


def _comments():
    made, placed, items = 0, {}, _json("comments.json")
    pages = {path: links.page_at(path) for path in {item["page"] for item in items}}
    known = {
        (comment.page, comment.name, comment.created): comment
        for comment in Comment.objects.filter(
            name__in={item["name"] for item in items}
        ).prefetch_related("page")
    }
    for item in items:
        page = pages[item["page"]]
        if page is None:
            continue
        created = _moment(item["created"])
        comment = known.get((page, item["name"], created))
        if comment is None:
            comment = order.add(
                Comment(
                    page=page,
                    parent=placed.get(item["parent"]),
                    name=item["name"],
                    email=item["email"],
                    kind=item["kind"],
                    role=item.get("role", ""),
                    language=item["language"],
                    status=item["status"],
                    by_author=item["by_author"],
                    text=item["text"],
                    created=created,
                    consent_at=created,
                )
            )
            made += 1
        placed[item["id"]] = comment
    return made


def _kept():
    made = 0
    for item in _json("kept.json"):
        if KeptAnswer.objects.filter(slug=item["slug"]).exists():
            continue
        KeptAnswer(
            slug=item["slug"],
            title=item["title"],
            language=item["language"],
            summary=item["summary"],
            body=item["body"],
            page=links.page_at(item["page"]),
            state="published",
            first_published=_day(item["published"]),
        ).save(updated=_moment(item["published"]))
        made += 1
    return made


def _first_versions():
    """So that the first save of a sample page leaves the sample to go back to."""
    for model in (Chapter, InShort, KeptAnswer, Notes, Post, Reference, Image, Name, SiteSettings):
        revisions.keep_first(model._base_manager.all(), "Sample content")


def _settings():
    if SiteSettings.objects.exists():
        return 0
    SiteSettings(
        introduction=INTRODUCTION,
        introduction_es=INTRODUCTION_ES,
        introduction_ca=INTRODUCTION_CA,
        tagline_es="una revisión ilustrada de la literatura",
        tagline_ca="una revisió il·lustrada de la literatura",
        project_page="/review/the-project/",
        front_figure=Image.objects.filter(file=f"{images.FOLDER}/sample-sacrum.png").first(),
    ).save()
    return 1
