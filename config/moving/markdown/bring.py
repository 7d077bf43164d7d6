"""Posts from a folder of Markdown, known by their places in it: a second run changes nothing, what
changed there comes in unless the author has changed it here."""

import hashlib
import posixpath
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from blog.models import Post
from comments.text import language as text_language
from publishing import images, slugs, tags, tasks
from publishing.desk import revisions
from publishing.models import ImportedItem, State
from publishing.richtext import links, sanitise

from .. import trees
from ..portions import Portions
from ..wordpress import media, pictures
from ..wordpress.pages import ours
from ..wordpress.report import CHANGED, DELETED, Report
from ..wordpress.run import LANGUAGES, digest
from . import files

FIRST = "Brought in from Markdown"
ENDINGS = {".md", ".markdown"}
MOST = 20_000  # files
ASKED = 500  # numbers in one query


def bring(folder, *, zone=settings.TIME_ZONE, dry=False) -> Report:
    """Bring in what is not here yet; with `dry` nothing is written."""
    run = Run(trees.Folder(folder), zone=zone, dry=dry)
    run.bring()
    return run.report


@dataclass
class _Read:
    """A file, or why it is left out. `html` is made where it may be needed; `missed` says that it
    names one that has not come in yet."""

    name: str
    text: files.Text | None = None
    why: str = ""
    theirs: str = ""
    html: str | None = None
    missed: bool = False


class Run(Portions):
    def __init__(self, tree, *, zone=settings.TIME_ZONE, dry=False, progress=None):
        self.tree, self.zone, self.missed, self.at = tree, ZoneInfo(zone), False, ""
        names = sorted(_names(tree))
        self.names, self.more, self.used = names[:MOST], names[MOST:], set()
        self.of_name = {_number(name): name for name in self.names}
        known = _known_as(self.of_name)
        super().__init__(known or f"markdown {tree.name}", dry, progress)

    def bring(self):
        if not self.done:
            self._begin()
        with tasks.one_request():
            self.through("texts", self.names, self._read, self._take)
            if self.dry:
                self._unused()
            else:
                self._settle()

    def _begin(self):
        if self.known and self.site != f"markdown {self.tree.name}":
            name = self.site.removeprefix("markdown ")
            self.report.note(gettext_noop("The folder is one that came in under this name"), name)
        for name, why in self.tree.refused:
            self.report.note(why, name)
        for name in self.more[:1]:
            why = gettext_noop("Only 20,000 texts come in; this one and those after it do not")
            self.report.note(why, name)

    def _unused(self):
        for name in sorted(self.tree.names()):
            number = _number(name)
            known = number in self.of_name or name in self.used or ("file", number) in self.known
            if not known:
                why = gettext_noop("No text that comes in names it, so it stays out")
                self.report.note(why, name)

    def _read(self, name):
        try:
            text = files.read(self.tree.read(name, files.LARGEST), name, self.zone)
        except trees.TooLarge:
            return _Read(name, why=gettext_noop("it is larger than one text can be"))
        except OSError:
            return _Read(name, why=gettext_noop("it cannot be read"))
        except files.Unreadable as why:
            return _Read(name, why=str(why))
        if not text.body.strip():
            return _Read(name, why=gettext_noop("it is empty"))
        for each in text.unknown:
            self.report.note(gettext_noop("Before its text, not taken over"), f"{name}: {each}")
        read = _Read(name, text, theirs=digest(vars(text)))
        row = self.known.get(("post", _number(name)))
        if row is None or (row.page and row.theirs != read.theirs):
            self._make(read)
        return read

    def _make(self, read):
        self.missed, self.at = False, read.name
        read.html = self._html(read.name, read.text)
        read.missed = self.missed

    def _take(self, read):
        report, name = self.report, read.name
        report.found["post"] = report.found.get("post", 0) + 1
        row = self.known.get(("post", _number(name)))
        if read.text is None:
            report.leave("post", read.why, title=name)
        elif row is None:
            self._write(read, None)
            self.came("post", "new", f"{name}: {read.text.title}")
        elif row.theirs == read.theirs:
            report.count("post", "same")
        elif row.page is None:
            report.keep("post", DELETED, title=name)
        elif ours(row.page) != row.ours:
            report.keep("post", CHANGED, title=name)
        else:
            self._write(read, row)
            self.came("post", "updated", f"{name}: {read.text.title}")

    def _write(self, read, row):
        if read.html is None:  # somebody else's run was here meanwhile
            self._make(read)
        if self.dry:
            return
        name, text = read.name, read.text
        page = row.page if row is not None else Post()
        if row is not None:
            revisions.keep_first([page], str(_("As it was before an import changed it")))
        page.body = read.html
        page.title, page.summary = text.title, text.summary
        code = text.language or text_language.guess(sanitise.text_of(page.body)[:1000])
        page.language = code if code in LANGUAGES else settings.LANGUAGE_CODE
        page.updated = text.at if text.at and text.at < timezone.now() else timezone.now()
        page.state = State.DRAFT if text.draft else State.PUBLISHED
        page.publish_at = text.at if text.at and text.at > timezone.now() else None
        if page.state == State.PUBLISHED and text.at and not page.publish_at:
            page.first_published = timezone.localdate(text.at)
        if row is None:
            taken = slugs.make(text.slug or _slug(name), kind="post", reserved=Post.RESERVED_SLUGS)
            page.slug = slugs.free(taken, page.slug_neighbours())
        page.save(updated=page.updated)
        names = [clean for each in text.tags if (clean := tags.clean_name(each))]
        page.tags.set(names[: tags.MOST])
        self.record("post", _number(name), page, read.theirs, ours(page), unsettled=read.missed)
        if row is None:
            revisions.keep_first([page], FIRST)
        else:
            revisions.keep([page], str(_("Changed by an import")))

    def _settle(self):
        """Links to what came in after the text that names it; in a text she has changed since, they
        stay as they are."""
        rows = ImportedItem.objects.filter(site=self.site, kind="post", unsettled=True)
        waiting = list(rows.filter(pk__gt=self.done.get("links", 0)).order_by("pk"))
        for at, row in enumerate(waiting):
            self.tell("links", at, len(waiting))
            name, page = self.of_name.get(row.number), row.page
            told, self.report = self.report, Report()  # all of it was told before
            read = self._read(name) if name else None
            is_ours = (
                page is not None and read and (read.theirs, ours(page)) == (row.theirs, row.ours)
            )
            if is_ours:
                self._make(read)
            self.report = told
            if not is_ours:
                continue
            with self.writing():
                if read.html != page.body:
                    page.body = read.html
                    page.save(updated=page.updated)
                self.record("post", row.number, page, row.theirs, ours(page), unsettled=read.missed)
                self.advance("links", row.pk)

    def _html(self, name, text):
        here = posixpath.dirname(name)
        return files.convert(
            text.body, lambda href: self._page(here, href), lambda src: self._picture(here, src)
        )

    def _page(self, here, href):
        """Where another file of the folder is here, or None."""
        path = self._inside(here, href)
        if path is None:
            return None
        if PurePosixPath(path).suffix.lower() not in ENDINGS:
            return self._file(path)
        row = self.known.get(("post", _number(path)))
        if row is None or row.page is None:
            self.missed = self.missed or _number(path) in self.of_name
            return None
        anchor = urlsplit(href).fragment
        return links.canonical_url(row.page) + (f"#{anchor}" if anchor else "")

    def _inside(self, here, href):
        """The name in the folder of what an address leads to; None for any other."""
        try:
            parts = urlsplit(href)
        except ValueError:
            return None
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return None
        path = posixpath.normpath(posixpath.join(here, unquote(parts.path)))
        if path.startswith("..") or not self.tree.has(path):
            return None
        self.used.add(path)
        return path

    def _picture(self, here, src):
        path = self._inside(here, src)
        if path is None:
            if src and not src.startswith(("http:", "https:", "/media/")):
                name = f"{self.at}: {src[:200]}"
                self.report.note(gettext_noop("A picture that is not there"), name)
            return None
        return self._file(path)

    def _file(self, path):
        """The address of a picture or a file beside it, brought in once."""
        number = _number(path)
        row = self.known.get(("file", number))
        if row is not None:
            return row.page.get_absolute_url() if row.page else row.ours and _url(row.ours)
        ending = PurePosixPath(path).suffix.lower()
        if ending not in media.PICTURES | media.FILES:
            self.report.note(gettext_noop("Files of this kind are not taken"), path)
            return None
        if self.dry:
            return None
        try:
            data = self.tree.read(path, pictures.LARGEST)
            with self.writing():
                if ending in media.FILES:
                    stored = media.store(PurePosixPath(path).name, data)
                    self.record("file", number, None, "", stored)
                    return _url(stored)
                upload = InMemoryUploadedFile(BytesIO(data), "file", path, None, len(data), None)
                image = images.add(upload)
                self.record("file", number, image, "", "")
        except (ValidationError, trees.TooLarge, OSError):
            self.report.note(gettext_noop("A picture that could not be taken"), path)
            return None
        return image.get_absolute_url()


def _known_as(numbers):
    """Under which name a folder came in before: the name of a zip is not the same twice. It is one
    that has more than half of these files, or brought in more than half of its posts by several."""
    found, asked = Counter(), list(numbers)
    rows = ImportedItem.objects.filter(site__startswith="markdown ", kind="post")
    for at in range(0, len(asked), ASKED):
        found.update(rows.filter(number__in=asked[at : at + ASKED]).values_list("site", flat=True))
    site, number = next(iter(found.most_common(1)), ("", 0))
    several = number > 1 and 2 * number > rows.filter(site=site).count()
    return site if several or 2 * number > len(asked) else ""


def _names(tree):
    for name in tree.names():
        path = PurePosixPath(name)
        hidden = any(part.startswith((".", "_index")) for part in path.parts)
        if path.suffix.lower() in ENDINGS and not hidden:
            yield name


def _slug(name):
    """“2020-01-02-a-post.md” and “a-post/index.md” are “a-post”."""
    path = PurePosixPath(name)
    stem = path.parent.name if path.stem == "index" and path.parent.name else path.stem
    return files.DATED.sub("", stem)


def _number(name):
    return int(hashlib.sha256(str(name).encode()).hexdigest()[:15], 16)


def _url(stored):
    return f"{settings.MEDIA_URL}{stored}"
