"""A copy of `zotero.sqlite`: its items one after the other, as CSL-JSON and what lies beside it. It
is opened for reading alone, and knows no database of ours."""

import posixpath
import re
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import quote

from django.utils.translation import gettext_noop

from publishing.richtext.sanitise import strip_control

from .. import trees
from ..trees import Unreadable

NAME = "zotero.sqlite"
LARGEST = 1024**3  # bytes of it
_SQLITE = b"SQLite format 3\0"
STEPS, MOST_TURNS = 1_000_000, 20_000  # of SQLite's machine, between looks at how long it goes on
LONGEST_NOTE = 50_000
TYPES = {
    "journalArticle": "article-journal", "magazineArticle": "article-magazine",
    "newspaperArticle": "article-newspaper", "preprint": "article", "book": "book",
    "bookSection": "chapter", "encyclopediaArticle": "entry-encyclopedia",
    "dictionaryEntry": "entry-encyclopedia", "conferencePaper": "paper-conference",
    "thesis": "thesis", "report": "report", "standard": "report", "presentation": "speech",
    "webpage": "webpage", "blogPost": "post-weblog", "forumPost": "webpage", "dataset": "dataset",
    "film": "motion_picture", "videoRecording": "motion_picture", "patent": "patent",
    "tvBroadcast": "motion_picture", "manuscript": "manuscript", "letter": "personal_communication",
    "email": "personal_communication",
}  # fmt: skip
FIELDS = {
    "title": "title", "publicationTitle": "container-title", "bookTitle": "container-title",
    "proceedingsTitle": "container-title", "encyclopediaTitle": "container-title",
    "dictionaryTitle": "container-title", "websiteTitle": "container-title",
    "blogTitle": "container-title", "forumTitle": "container-title", "volume": "volume",
    "journalAbbreviation": "container-title-short", "issue": "issue", "pages": "page",
    "numPages": "number-of-pages", "edition": "edition", "publisher": "publisher",
    "university": "publisher", "institution": "publisher", "repository": "publisher",
    "place": "publisher-place", "DOI": "DOI", "ISBN": "ISBN", "ISSN": "ISSN", "url": "URL",
    "language": "language", "abstractNote": "abstract", "extra": "note", "thesisType": "genre",
    "reportType": "genre", "presentationType": "genre", "manuscriptType": "genre",
    "conferenceName": "event-title", "meetingName": "event-title", "caseName": "title",
    "nameOfAct": "title", "subject": "title",
}  # fmt: skip
ROLES = {"author": "author", "editor": "editor", "translator": "translator"}
NO_LIBRARY = gettext_noop("This is no database of Zotero.")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:\s+(.*))?", re.DOTALL)
_LINES = re.compile(r"<br[^<>]*>|</(?:p|div|li|h\d|tr|blockquote)>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass
class Beside:
    """A note or a file: its key, and its text or the name of its file below `storage`."""

    key: str
    text: str = ""
    why_not: str = ""  # a file that is not to be had


@dataclass
class Item:
    """One work. `csl` is its CSL-JSON; `collections`: `{key: name}`."""

    key: str
    kind: str
    csl: dict
    collections: dict[str, str] = field(default_factory=dict)
    notes: list[Beside] = field(default_factory=list)
    files: list[Beside] = field(default_factory=list)


@contextmanager
def opened(folder):
    """The `Library` of a folder with zotero.sqlite in it; raises `Unreadable`."""
    path = folder / NAME
    if not path.is_file():
        raise Unreadable(gettext_noop("There is no zotero.sqlite in this folder."))
    with _connected(path) as connection:
        # A storage elsewhere, which a link stands for, is hers as well.
        yield Library(connection, trees.Folder(folder / "storage"))


@contextmanager
def opened_zip(path, name):
    """That of a zip of the folder, or of zotero.sqlite alone."""
    with path.open("rb") as file:
        alone = file.read(len(_SQLITE)) == _SQLITE
    if alone:
        with _connected(path) as connection:
            yield Library(connection, trees.Nothing())
        return
    with trees.opened(path, name) as tree, tempfile.TemporaryDirectory(prefix="zotero-") as folder:
        found = min((each for each in tree.names() if posixpath.basename(each) == NAME),
                    key=lambda each: each.count("/"), default=None)  # fmt: skip
        if found is None:
            raise Unreadable(gettext_noop("There is no zotero.sqlite in this zip."))
        try:
            with (Path(folder) / NAME).open("wb") as file:
                for piece in tree.pieces(found, LARGEST):
                    file.write(piece)
        except trees.TooLarge:
            raise Unreadable(gettext_noop("Its zotero.sqlite is larger than 1 GB.")) from None
        except OSError:
            raise Unreadable(trees.DAMAGED) from None
        storage = tree.below(posixpath.join(posixpath.dirname(found), "storage"))
        with _connected(Path(folder) / NAME) as connection:
            yield Library(connection, storage)


@contextmanager
def _connected(path):
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.text_factory = lambda data: data.decode("utf-8", errors="replace")
        turns = iter(range(MOST_TURNS))
        connection.set_progress_handler(lambda: next(turns, None) is None, STEPS)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            yield connection
        except sqlite3.Error:
            raise Unreadable(NO_LIBRARY) from None


class Library:
    """`storage`: the tree of its files, a folder for each key."""

    def __init__(self, connection, storage):
        self.connection, self.storage = connection, storage
        self.trash = {row[0] for row in self._all("SELECT itemID FROM deletedItems")}
        self.collections = self._collections()
        # Which library it is, wherever its copy lies.
        found = self._all("SELECT key FROM items ORDER BY itemID LIMIT 1")
        self.first = str(found[0][0]) if found else ""

    def _all(self, sql, *values):
        try:
            return self.connection.execute(sql, values).fetchall()
        except UnicodeDecodeError:  # of what SQLite says of a spoilt file
            raise sqlite3.DatabaseError from None

    def _collections(self):
        """`{collectionID: (key, "Above / below")}`."""
        rows = {row[0]: row for row in self._all(
            "SELECT collectionID, collectionName, parentCollectionID, key FROM collections"
        )}  # fmt: skip
        found = {}
        for number, row in rows.items():
            names, above, seen = [row[1]], row[2], {number}
            while above in rows and above not in seen:
                seen.add(above)
                names.append(rows[above][1])
                above = rows[above][2]
            found[number] = str(row[3]), " / ".join(_line(name) for name in reversed(names))
        return found

    def loose(self):
        """How many notes and files belong to no work."""
        notes = self._all("SELECT count(*) FROM itemNotes WHERE parentItemID IS NULL")
        files = self._all("SELECT count(*) FROM itemAttachments WHERE parentItemID IS NULL")
        return {"note": notes[0][0], "file": files[0][0]}

    def rows(self):
        """`[(number, key, kind)]` of each work."""
        return self._all(
            "SELECT itemID, key, typeName FROM items JOIN itemTypes USING (itemTypeID)"
            " WHERE typeName NOT IN ('attachment', 'note', 'annotation') ORDER BY itemID"
        )

    def places(self):
        """`[(key of a collection, key of a work)]` of all that do not lie in its trash."""
        rows = self._all(
            "SELECT collectionID, itemID, key FROM collectionItems JOIN items USING (itemID)"
        )
        return [(self.collections[pk][0], str(key)) for pk, number, key in rows
                if pk in self.collections and number not in self.trash]  # fmt: skip

    def item(self, number, key, kind):
        """`Item` of one of the `rows`, or its number where it lies in Zotero's trash."""
        if number in self.trash:
            return number
        values = dict(self._all(
            "SELECT fieldName, value FROM itemData JOIN fields USING (fieldID)"
            " JOIN itemDataValues USING (valueID) WHERE itemID = ?", number,
        ))  # fmt: skip
        return Item(
            key=str(key),
            kind=kind,
            csl=self._csl(number, kind, {name: str(value) for name, value in values.items()}),
            collections=dict(sorted(self._collections_of(number))),
            notes=sorted(self._notes(number), key=lambda each: each.key),
            files=sorted(self._files(number), key=lambda each: each.key),
        )

    def _csl(self, number, kind, values):
        item = {"type": TYPES.get(kind, "document")}
        for name, csl in FIELDS.items():
            if values.get(name) and csl not in item:
                item[csl] = strip_control(values[name])
        if date := values.get("date"):
            item["issued"] = _date(date)
        if kind == "standard" or item["type"] == "document":
            item.setdefault("genre", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize())
        self._people(number, item)
        tags = self._all(
            "SELECT name, type FROM itemTags JOIN tags USING (tagID) WHERE itemID = ?"
            " ORDER BY name", number,
        )  # fmt: skip
        hers = [_line(name) for name, how in tags if not how]
        given = [_line(name) for name, how in tags if how]
        item["custom"] = {"tags": hers}
        if given:
            item["keyword"] = "; ".join(given)
        return item

    def _people(self, number, item):
        rows = self._all(
            "SELECT creatorType, firstName, lastName, fieldMode FROM itemCreators"
            " JOIN creators USING (creatorID) JOIN creatorTypes USING (creatorTypeID)"
            " WHERE itemID = ? ORDER BY orderIndex", number,
        )  # fmt: skip
        for role, given, family, mode in rows:
            # Who presents, directs, invents is its author; who only contributes is not.
            csl = ROLES.get(role, "" if "ontributor" in role or "series" in role else "author")
            family, given = _line(family or ""), _line(given or "")
            if csl and (family or given):
                name = {"literal": family} if mode == 1 else {"family": family, "given": given}
                item.setdefault(csl, []).append(name)

    def _collections_of(self, number):
        for (pk,) in self._all("SELECT collectionID FROM collectionItems WHERE itemID = ?", number):
            if pk in self.collections:
                yield self.collections[pk]

    def _notes(self, number):
        rows = self._all(
            "SELECT itemID, key, note FROM itemNotes JOIN items USING (itemID)"
            " WHERE parentItemID = ?", number,
        )  # fmt: skip
        for pk, key, note in rows:
            if pk not in self.trash and (text := _plain(str(note or ""))):
                yield Beside(str(key), text)

    def _files(self, number):
        rows = self._all(
            "SELECT itemID, key, path, contentType FROM itemAttachments JOIN items USING (itemID)"
            " WHERE parentItemID = ?", number,
        )  # fmt: skip
        for pk, key, path, kind in rows:
            if pk not in self.trash:
                yield self._file(str(key), str(path or ""), str(kind or ""))

    def _file(self, key, path, kind):
        if kind != "application/pdf":
            return Beside(key, path, gettext_noop("only PDFs are taken"))
        if not path.startswith("storage:"):
            return Beside(key, path, gettext_noop("it lies elsewhere than in Zotero’s storage"))
        found = posixpath.normpath(f"{key}/{path.removeprefix('storage:')}")
        if not found.startswith(f"{key}/") or not self.storage.has(found):
            return Beside(key, path, gettext_noop("it is not in the folder storage"))
        return Beside(key, found)


def _date(text):
    """Zotero writes “2011-03-00 March 2011”."""
    found = _DATE.fullmatch(text.strip())
    if not found or found[1] == "0000":
        return {"raw": _line(found[4] or "" if found else text)}
    parts = [int(each) for each in found.groups()[:3]]
    while parts and not parts[-1]:
        parts.pop()
    return {"date-parts": [parts]}


def _plain(note):
    text = unescape(_TAG.sub("", _LINES.sub("\n", note[: 4 * LONGEST_NOTE])))
    lines = [line.strip() for line in strip_control(text).replace("\xa0", " ").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST_NOTE]


def _line(text):
    return " ".join(strip_control(str(text)).split())
