"""Citations in a text: numbered in order of appearance, neighbours collapsed, a note for each
place, a list at the end."""

import json
import re
from copy import deepcopy

from django.utils.html import escape
from django.utils.translation import gettext, override

from publishing.richtext import sanitise
from publishing.richtext.tree import make

from .. import identifiers
from .labels import letter, locator, places

# A note in the margin tells which work it is; its identifiers stand in the list at the end.
_IDENTIFIERS = re.compile(
    r"\s*(?:\bdoi:[^\s<]+|PubMed PMID: \d+|PubMed Central PMCID: PMC\d+)[.;]?"
)


# How works are found: texts are rendered below the models, which cite and are cited.
_library = {}


def register(*, find, noted, answered, pictures):
    """`find(citekeys)` gives `{citekey: work}`, `noted(works)` the citekeys of those with public
    notes, `answered(works, page)` what the author says, on that page, to notices of them,
    `pictures()` the pass that draws the evidence (`ReferencesConfig.ready`)."""
    _library.update(find=find, noted=noted, answered=answered, pictures=pictures)


def picture_pass():
    return _library["pictures"]()


def citekeys(body):
    """The citekeys of a text in order of first appearance."""
    if "data-cite" not in body:
        return []
    return list(
        dict.fromkeys(
            span.get("data-cite")
            for span in sanitise.parse(body).iter("span")
            if span.get("data-cite")
        )
    )


def unknown(body):
    keys = citekeys(body)
    known = _library["find"](keys)
    return [key for key in keys if key not in known]


class CitationPass:
    """Rewrites `<span data-cite>` in a tree. Run once per rendering; then ask `cited()` and
    `references_html()`."""

    def __init__(self, language, page=None):
        self.language, self.page = language, page
        self.numbers, self.places, self.references, self.published_notes = {}, {}, {}, set()
        self.entries, self.answers = {}, {}

    def __call__(self, root):
        groups = list(_groups(root))
        if not groups:
            return
        keys = {span.get("data-cite") for group in groups for span in group}
        self.references = _library["find"](keys)
        self.references |= {each.citekey: each for each in self.references.values()}
        self.published_notes = _library["noted"](self.references.values())
        self.entries = _entries(self.references)
        words = _Words(self.language)
        for index, group in enumerate(groups, 1):
            self._place(index, group, words)

    def _place(self, index, group, words):
        """One mark and one note for citations side by side."""
        anchor, first, tail = f"cite-{index}", group[0], group[-1].tail
        text, entries = self._numbered(anchor, group, words)
        cites = [[span.get("data-cite"), span.get("data-locator", "")] for span in group]
        _glue(first)
        for span in group[1:]:
            span.getparent().remove(span)
        first.attrib.clear()
        # for `publishing.richtext.unrender`, when the passage is copied into the editor
        first.set("data-cites", json.dumps(cites, ensure_ascii=False, separators=(",", ":")))
        if not entries:
            first.set("class", "cite missing")
            first.set("title", words.missing)
            first.text, first.tail = "[?]", tail
            return
        label = words.reference % {"numbers": text}
        link = {"class": "cite", "id": anchor, "href": f"#n-{index}", "aria-label": label}
        first.tag, first.text, first.tail = "a", f"[{text}]", None
        first.attrib.update(link)
        note = self._note(f"n-{index}", anchor, text, entries, words)
        first.addnext(note)
        note.tail = tail

    def _numbered(self, anchor, group, words):
        """What the mark says, and `{number: (reference, whether it was cited before, places in the
        work)}`."""
        cited, entries, missing = [], {}, False
        for span in group:
            reference = self.references.get(span.get("data-cite"))
            if reference is None:
                missing = True
                continue
            again = reference.citekey in self.numbers
            number = self.numbers.setdefault(reference.citekey, len(self.numbers) + 1)
            anchors = self.places.setdefault(reference.citekey, [])
            if anchor not in anchors:
                anchors.append(anchor)
                entries[number] = (reference, again, [])
            place = locator(span.get("data-locator"), self.language)
            cited.append((number, ", ".join(filter(None, [place, words.warning(reference)]))))
            if place and place not in entries[number][2]:
                entries[number][2].append(place)
        text = places(cited)
        if missing:
            text = f"{text}, ?" if text else "?"
        return text, entries

    def _note(self, note_id, anchor, text, entries, words):
        classes = "note again" if all(again for _, again, _ in entries.values()) else "note"
        label = words.note % {"numbers": text}
        note = make(
            "span", None, {"class": classes, "id": note_id, "role": "note", "aria-label": label}
        )
        for number, (reference, again, where) in entries.items():
            note.append(self._entry(number, reference, again, where))
        label = words.close_note % {"numbers": text}
        note.append(
            make("a", words.close, {"class": "close", "href": f"#{anchor}", "aria-label": label})
        )
        return note

    def _entry(self, number, reference, again, where):
        entry = deepcopy(self.entries[reference.citekey])
        entry.set("class", "entry again" if again else "entry")
        mark = make("span", str(number), {"class": "n"})
        mark.tail = " " + (entry.text or "")
        entry.text = None
        entry.insert(0, mark)
        if where:
            last = entry[-1]
            last.tail = f"{last.tail or ''} {', '.join(where).rstrip('.')}."
        entry.tail = " "
        return entry

    def cited(self):
        """`(reference, number, anchors)` of every work cited, by number."""
        for citekey, number in self.numbers.items():
            yield self.references[citekey], number, self.places[citekey]

    def references_html(self):
        """The list items of what is cited: entry, notes and identifiers, and a way back to each
        place."""
        warned = [each for each in self.references.values() if each.warning]
        with override(self.language):
            if warned and self.page is not None and self.page.pk:
                self.answers = _library["answered"](warned, self.page)
            words = _ListWords()
            return "".join(self._item(*row, words) for row in self.cited())

    def _item(self, reference, number, places, words):
        marks = []
        if said := self.answers.get(reference.pk):
            marks.append(f'<span class="answer">{escape(said)}</span>')
        if reference.citekey in self.published_notes:
            notes = f"/references/{escape(reference.citekey)}/#notes"
            marks.append(f'<a class="has" href="{notes}">{words.notes}</a>')
        if reference.doi:
            marks.append(f'<a href="{escape(identifiers.doi_url(reference.doi))}">DOI</a>')
        if reference.pmid:
            marks.append(
                f'<a href="https://pubmed.ncbi.nlm.nih.gov/{escape(reference.pmid)}/">PubMed</a>'
            )
        if reference.full_text_url:
            marks.append(f'<a href="{escape(reference.full_text_url)}">{words.full_text}</a>')
        back = " ".join(
            _way_back(number, place, anchor, words) for place, anchor in enumerate(places, 1)
        )
        marks.append(f'<span class="back">{words.cited_at} {back}</span>')
        return (
            f'<li id="ref-{number}"><span class="n">{number}</span> {reference.citation_html} '
            f'<span class="marks">{" ".join(marks)}</span></li>\n'
        )


def _way_back(number, place, anchor, words):
    name = words.back % {"place": place, "number": number}
    return f'<a href="#{anchor}" aria-label="{name}">{letter(place)}</a>'


class _Words:
    """The words of marks and notes, looked up once."""

    def __init__(self, language):
        self.language = language
        self.missing = gettext("This reference is not in the library yet")
        self.reference = gettext("Reference %(numbers)s")
        self.note = gettext("Note %(numbers)s")
        self.close, self.close_note = gettext("Close"), gettext("Close note %(numbers)s")

    def warning(self, reference):
        """“retracted”, in the language of the text; empty for most works."""
        if not reference.warning:
            return ""
        with override(self.language):
            return reference.warning.lower()


class _ListWords:
    """The words of the list, looked up once, escaped."""

    def __init__(self):
        self.notes, self.full_text = escape(gettext("Notes")), escape(gettext("Full text"))
        self.cited_at = escape(gettext("Cited at"))
        self.back = escape(gettext("Back to place %(place)s of reference %(number)s"))


def _entries(references):
    """`{citekey: element}`: every entry of the list as it stands in a note, all of them read at
    once."""
    entries = (_IDENTIFIERS.sub("", each.citation_html) for each in references.values())
    root = sanitise.parse("".join(f"<span>{entry}</span>" for entry in entries))
    return dict(zip(references, root, strict=True))


def _groups(root):
    """Runs of citations with nothing but white space between them, in reading order."""
    group = []
    for span in [node for node in root.iter("span") if node.get("data-cite")]:
        if group and group[-1].getnext() is span and not (group[-1].tail or "").strip():
            group.append(span)
        else:
            if group:
                yield group
            group = [span]
    if group:
        yield group


def _glue(node):
    """A no-break space before a citation, so that [3] never begins a line."""
    before = node.getprevious()
    text = before.tail if before is not None else node.getparent().text
    if text and text.endswith(" "):
        text = text[:-1] + "\xa0"
        if before is not None:
            before.tail = text
        else:
            node.getparent().text = text
