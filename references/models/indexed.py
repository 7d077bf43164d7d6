"""What the search knows of a work."""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import override

from publishing.languages import language_name
from publishing.richtext import plain
from publishing.tags import HELD, searched

from ..vocabulary import STUDY_DESIGNS
from .notes import Notes

# The facts of a study by which it is found.
SEARCHED = ("patients", "intervention", "comparator", "outcome", "follow_up")


def _design_name(design):
    return str(STUDY_DESIGNS.get(design, design))


@lru_cache(maxsize=1000)
def _in_each_language(name_of, value):
    """What readers of each language call it."""
    if not value:
        return ()
    names = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            names.append(str(name_of(value)))
    return tuple(dict.fromkeys(names))


class Indexed:
    """For `Reference`: the texts of its row of the search."""

    def index_kind(self):
        return "reference"

    @property
    def index_label(self):
        return self.year_text

    @classmethod
    def for_index(cls, works):
        notes = models.Prefetch("notes", Notes.objects.published(), to_attr="public_notes")
        return works.prefetch_related(notes, "authorships__person", *HELD, "keywords", "facts")

    def index_text(self):
        translated = f"[{self.translated_title}]" if self.translated_title else ""
        titles = " ".join(filter(None, [self.title, self.original_title, translated]))
        if hasattr(self, "public_notes"):
            notes = self.public_notes
        else:
            notes = Notes.objects.published().filter(reference=self).first()
        text = plain.lines_of(notes.body) if notes else ""
        return titles, f"{text}\n{self.abstract}".strip()

    @property
    def index_summary(self):
        """Where it appeared, and what it is filed under: subjects, design, facts of the study."""
        facts = getattr(self, "facts", None)
        words = [self.container, str(self.year or ""), searched(self)]
        words += [getattr(facts, name) for name in SEARCHED] if facts else []
        return "; ".join(
            filter(None, [*words, *_in_each_language(_design_name, self.study_design)])
        )

    @property
    def index_extra(self):
        """What finds it and is no text of it: keywords, identifiers, its language by name."""
        words = [word.text for word in self.keywords.all()]
        words += _in_each_language(language_name, self.language)
        return " ".join(filter(None, [*words, self.doi, self.pmid, self.pmcid, self.citekey]))

    @property
    def index_authors(self):
        rows = self.authorships.all()
        if "authorships" not in getattr(self, "_prefetched_objects_cache", {}):
            rows = rows.select_related("person")
        return ", ".join(authorship.person.name for authorship in rows)

    @property
    def index_year(self):
        return self.year
