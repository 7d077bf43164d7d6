"""Things a test needs, with as little said as possible."""

from unittest import mock

import factory
from django.contrib.auth import get_user_model

import references.models.reference
from blog.models import Post
from comments.models import Comment, Kind, Status
from comments.threads import order
from publishing.models import State
from references import csl
from references.citing import entries
from references.importing import save
from references.models import Authorship, Notes, Person, Reference
from review.models import Chapter, Placement


class AuthorUserFactory(factory.django.DjangoModelFactory):
    """The one who may do everything in the admin."""

    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"author{n}")
    is_staff = is_superuser = True


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    family = factory.Sequence(lambda n: f"Family{n}")
    given = "Given N."


class ReferenceFactory(factory.django.DjangoModelFactory):
    """`ReferenceFactory(people=[person, …], notes="<p>…</p>")`; its entry in the site's style is in
    place.

    Those of the other styles are the plain entry, at a third of the cost; `formatted=True` writes
    them.
    """

    class Meta:
        model = Reference
        skip_postgeneration_save = True

    citekey = factory.Sequence(lambda n: f"family{n}")
    title = factory.Sequence(lambda n: f"A study of nodules {n}")
    container_short = "Am J Med Sci"
    container = "The American Journal of the Medical Sciences"
    year = 1935
    volume = "190"
    pages = "833-837"
    language = "en"

    @factory.post_generation
    def people(reference, create, people, **kwargs):
        for position, person in enumerate(people if people is not None else [PersonFactory()]):
            Authorship.objects.create(reference=reference, person=person, position=position)
        with mock.patch.object(references.models.reference.tasks, "enqueue"):
            reference.refresh()

    @factory.post_generation
    def formatted(reference, create, formatted, **kwargs):
        if formatted:
            save.format_pending()
            reference.refresh_from_db(fields=["kept_citations", "citations_due"])
            return
        plain = dict.fromkeys(csl.STYLES, entries.plain(reference))
        reference.kept_citations = dict.fromkeys(csl.LOCALES.values(), plain)
        reference.citations_due = False
        Reference.objects.filter(pk=reference.pk).update(
            kept_citations=reference.kept_citations, citations_due=False
        )

    @factory.post_generation
    def tags(reference, create, tags, **kwargs):
        if tags:
            reference.tags.add(*tags)

    @factory.post_generation
    def notes(reference, create, notes, **kwargs):
        if notes:
            Notes.objects.create(reference=reference, body=notes, state=State.PUBLISHED)


class ChapterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Chapter
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Chapter title {n}")
    state = State.PUBLISHED

    @factory.post_generation
    def references(chapter, create, references, **kwargs):
        for reference in references or ():
            Placement.objects.create(chapter=chapter, reference=reference)


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Post title {n}")
    state = State.PUBLISHED

    @factory.post_generation
    def tags(post, create, tags, **kwargs):
        if tags:
            post.tags.add(*tags)


def comment(page=None, *, parent=None, **fields):
    """A comment at its place in its thread; approved unless said otherwise."""
    values = {
        "name": "Reader",
        "text": "Some words.",
        "status": Status.APPROVED,
        "kind": Kind.COMMENT,
        **fields,
    }
    return order.add(Comment(page=page or parent.page, parent=parent, **values))


def cite(*citekeys):
    """Citations side by side, as the editor writes them."""
    return "".join(f'<span class="cite" data-cite="{key}">[{key}]</span>' for key in citekeys)
