"""Posts from a folder of Markdown, known by their places in it: a second run changes nothing, what
changed there comes in unless the author has changed it here."""

import hashlib
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from blog.models import Post
from comments.text import language as text_language
from publishing import advisory, images, slugs, tags
from publishing.desk import revisions
from publishing.models import ImportedItem, State
from publishing.richtext import links, sanitise

from ..wordpress import media, pictures
from ..wordpress.pages import ours
from ..wordpress.report import CHANGED, DELETED, Report
from ..wordpress.run import LANGUAGES, digest
from . import files

FIRST = "Brought in from Markdown"
ENDINGS = {".md", ".markdown"}
MOST = 20_000  # files


def bring(folder, *, zone=settings.TIME_ZONE, dry=False) -> Report:
    """Bring in what is not here yet; with `dry` nothing is written."""
    run = _Run(folder.resolve(), ZoneInfo(zone), dry)
    for name in run.names:
        run.take(name)
    if not dry:
        run.settle()
    return run.report


class _Run:
    def __init__(self, root, zone, dry):
        self.root, self.zone, self.dry, self.report = root, zone, dry, Report()
        self.site = f"markdown {root.name}"[:300]
        self.names = sorted(_names(root))[:MOST]
        self.media = pictures.Folder(root)
        rows = ImportedItem.objects.filter(site=self.site)
        self.known = {(row.kind, row.number): row for row in rows}
        self.missed, self.unsettled = False, []

    def take(self, name):
        report = self.report
        report.found["post"] = report.found.get("post", 0) + 1
        try:
            text = files.read(self.root / name, self.zone)
        except files.Unreadable as why:
            report.leave("post", str(why), title=name)
            return
        if not text.body.strip():
            report.leave("post", gettext_noop("it is empty"), title=name)
            return
        for each in text.unknown:
            report.note(gettext_noop("Before its text, not taken over"), f"{name}: {each}")
        theirs = digest(vars(text))
        row = self.known.get(("post", _number(name)))
        if row is None:
            self._counted("new", name, text, theirs)
        elif row.theirs == theirs:
            report.count("post", "same")
        elif row.page is None:
            report.keep("post", DELETED, title=name)
        elif ours(row.page) != row.ours:
            report.keep("post", CHANGED, title=name)
        else:
            self._counted("updated", name, text, theirs)

    def _counted(self, fate, name, text, theirs):
        if not self.dry:
            with transaction.atomic():
                advisory.hold("moving")
                self._write(name, text, theirs)
        self.report.count("post", fate)

    def _write(self, name, text, theirs):
        self.missed = False
        row = self.known.get(("post", _number(name)))
        page = row.page if row is not None else Post()
        if row is not None:
            revisions.keep_first([page], str(_("As it was before an import changed it")))
        page.body = self._html(name, text)
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
        self._record("post", name, page, theirs, ours(page))
        if row is None:
            revisions.keep_first([page], FIRST)
        else:
            revisions.keep([page], str(_("Changed by an import")))
        if self.missed:
            self.unsettled.append((name, text, theirs))

    def settle(self):
        """Links to what came in after the text that names it."""
        for name, text, theirs in self.unsettled:
            with transaction.atomic():
                page = self.known["post", _number(name)].page
                body = self._html(name, text)
                if body != page.body:
                    page.body = body
                    page.save(updated=page.updated)
                    self._record("post", name, page, theirs, ours(page))

    def _html(self, name, text):
        here = Path(name).parent
        return files.convert(
            text.body, lambda href: self._page(here, href), lambda src: self._picture(here, src)
        )

    def _page(self, here, href):
        """Where another file of the folder is here, or None."""
        path = self._inside(here, href)
        if path is None:
            return None
        if Path(path).suffix.lower() not in ENDINGS:
            return self._file(path)
        row = self.known.get(("post", _number(path)))
        if row is None or row.page is None:
            self.missed = self.missed or path in self.names
            return None
        anchor = urlsplit(href).fragment
        return links.canonical_url(row.page) + (f"#{anchor}" if anchor else "")

    def _inside(self, here, href):
        """The name in the folder of what an address leads to; None for any other."""
        try:
            parts = urlsplit(href)
            path = (self.root / here / unquote(parts.path)).resolve()
            if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
                return None
            return str(path.relative_to(self.root)) if path.is_file() else None
        except (ValueError, OSError):
            return None

    def _picture(self, here, src):
        path = self._inside(here, src)
        if path is None:
            if src and not src.startswith(("http:", "https:", "/media/")):
                self.report.note(gettext_noop("A picture that is not there"), src[:200])
            return None
        return self._file(path)

    def _file(self, path):
        """The address of a picture or a file beside it, brought in once."""
        row = self.known.get(("file", _number(path)))
        if row is not None:
            return row.page.get_absolute_url() if row.page else row.ours and _url(row.ours)
        ending = Path(path).suffix.lower()
        if ending not in media.PICTURES | media.FILES:
            return None
        try:
            data = self.media.read(path)
            if ending in media.FILES:
                stored = media.store(Path(path).name, data)
                self._record("file", path, None, "", stored)
                return _url(stored)
            upload = InMemoryUploadedFile(BytesIO(data), "file", path, None, len(data), None)
            image = images.add(upload)
        except (ValidationError, pictures.TooLarge, TypeError):
            self.report.note(gettext_noop("A picture that could not be taken"), path)
            return None
        self._record("file", path, image, "", "")
        return image.get_absolute_url()

    def _record(self, kind, name, page, theirs, own):
        row, _new = ImportedItem.objects.update_or_create(
            site=self.site, kind=kind, number=_number(name),
            defaults={
                "theirs": theirs, "ours": own,
                "page_type": page and ContentType.objects.get_for_model(page),
                "page_id": page and page.pk,
            },
        )  # fmt: skip
        self.known[kind, row.number] = row


def _names(root):
    for path in root.rglob("*"):
        name = path.relative_to(root)
        hidden = any(part.startswith((".", "_index")) for part in name.parts)
        if path.suffix.lower() in ENDINGS and not hidden and not path.is_symlink():
            yield str(name)


def _slug(name):
    """“2020-01-02-a-post.md” and “a-post/index.md” are “a-post”."""
    path = Path(name)
    stem = path.parent.name if path.stem == "index" and path.parent.name else path.stem
    return files.DATED.sub("", stem)


def _number(name):
    return int(hashlib.sha256(str(name).encode()).hexdigest()[:15], 16)


def _url(stored):
    return f"{settings.MEDIA_URL}{stored}"
