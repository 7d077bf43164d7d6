"""What a record that was found is: new, a work of the library, or a record found before, whatever
became of that."""

from dataclasses import asdict, dataclass
from hashlib import blake2b

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from .. import matching
from ..importing.existing import Shelf
from ..models import Hit, HitKey, HitTurn
from . import rules
from .asking import SearchFailed

MOST_ALIKE = 20  # of one key: what many share tells none apart
ROWS = 500
# Of comparing anew because somebody else wrote meanwhile.
TRIES = 20


class Overtaken(Exception):
    """Somebody wrote records since these were compared."""


@dataclass(eq=False)
class Known:
    """A record found before: in the database, or just now."""

    hit: Hit
    features: matching.Features


def number_of(text):
    """A number that fits an index, as `matching.keys()` gives them."""
    digest = blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def keys_of(record, features):
    sure = {
        number_of(f"{name} {value}")
        for name in matching.IDENTIFIERS
        if (value := getattr(record, name))
    }
    return sure | set(features.keys)


@dataclass
class Compared:
    """Hits that have no row yet, the numbers each is found by, and how many records this source
    had given before."""

    hits: list[Hit]
    keys: dict[int, set[int]]
    again: int


def compared(run, keyed):
    """`Compared` of the records that came, `(key, record)`; those this source gave before are
    counted alone."""
    keyed = {key[:200]: record for key, record in keyed}
    known = set(Hit.objects.filter(source=run.source, key__in=keyed).values_list("key", flat=True))
    new = {key: record for key, record in keyed.items() if key not in known}
    found = Found(list(new.values()))
    hits = [found.judged(run, key, record) for key, record in new.items()]
    return Compared(hits, found.keys, len(known))


def settle(compare, keep):
    """What `keep(compare())` gives. Comparing holds no lock; keeping is one transaction, undone
    and done again with a new comparison where another one kept hits in between."""
    for _try in range(TRIES):
        row, _new = HitTurn.objects.get_or_create(pk=1)
        found = compare()
        try:
            with transaction.atomic():
                # The row stays locked until what is kept can be seen by whoever waits for it.
                moved = HitTurn.objects.filter(pk=1, number=row.number)
                if not moved.update(number=F("number") + 1):
                    raise Overtaken
                return keep(found)
        except Overtaken:
            continue
    raise SearchFailed(_("Others are writing records at the moment. It is tried again later."))


def write(found):
    """Keep what was compared, within `settle`. One may be the duplicate of another one of the
    same page, which has no row yet."""
    twins = {id(hit): hit.duplicate_of for hit in found.hits if hit.duplicate_of is not None}
    for hit in found.hits:
        hit.duplicate_of = None
    Hit.objects.bulk_create(found.hits, batch_size=ROWS)
    twice = [hit for hit in found.hits if id(hit) in twins]
    for hit in twice:
        hit.duplicate_of = twins[id(hit)]
    Hit.objects.bulk_update(twice, ["duplicate_of"], batch_size=ROWS)
    HitKey.objects.bulk_create(
        (HitKey(hit=hit, key=key) for hit in found.hits for key in found.keys[id(hit)]),
        batch_size=2000,
    )


class Found:
    """What these records may be: works of the library, records found before, each other."""

    def __init__(self, records):
        self.features = {id(record): matching.Features(record) for record in records}
        self.wanted = {id(record): keys_of(record, self.features[id(record)]) for record in records}
        self.keys = {}  # of each new hit
        self.by_key = {}
        self._load()
        self.shelf = Shelf()
        self.shelf.load(records)

    def _load(self):
        numbers = {key for keys in self.wanted.values() for key in keys}
        rows = list(HitKey.objects.filter(key__in=numbers).values_list("key", "hit_id"))
        crowd = {}
        for key, _pk in rows:
            crowd[key] = crowd.get(key, 0) + 1
        wanted = {pk for key, pk in rows if crowd[key] <= MOST_ALIKE}
        hits = Hit.objects.filter(pk__in=wanted).select_related("duplicate_of")
        known = {hit.pk: Known(hit, matching.Features(hit.record)) for hit in hits}
        for key, pk in sorted(rows):
            if pk in known:
                self.by_key.setdefault(key, []).append(known[pk])

    def judged(self, run, key, record):
        """The hit of a record, not saved yet."""
        hit = self.judged_alone(record)
        hit.run, hit.source, hit.key = run, run.source, key
        hit.stage = run.first_stage
        rules.judge(hit, record, run)
        return hit

    def judged_alone(self, record):
        """The same of a record that no run brought; what follows is compared with it too."""
        hit = Hit(
            title=record.title or record.original_title or record.translated_title,
            year=record.year,
            data=asdict(record),
        )
        earlier, judgement = self._among_hits(record)
        if judgement and judgement.verdict == matching.SAME:
            root = earlier.hit.duplicate_of if _is_duplicate(earlier.hit) else earlier.hit
            hit.verdict, hit.why, hit.duplicate_of = Hit.Verdict.SAME, judgement.code, root
            hit.removed = Hit.Removed.DUPLICATE
            hit.reference_id = root.reference_id if root.verdict == Hit.Verdict.SAME else None
        else:
            self._in_library(hit, record)
            if judgement and hit.verdict == Hit.Verdict.NEW:
                hit.verdict, hit.why = Hit.Verdict.PERHAPS, judgement.code
                hit.duplicate_of = earlier.hit
        self._remember(hit, record)
        return hit

    def _remember(self, hit, record):
        self.keys[id(hit)] = self.wanted[id(record)]
        known = Known(hit, self.features[id(record)])
        for key in self.wanted[id(record)]:
            alike = self.by_key.setdefault(key, [])
            if len(alike) < MOST_ALIKE:
                alike.append(known)

    def _among_hits(self, record):
        """`(Known, Judgement)` of the record found before that it is, or else may be."""
        mine, seen, perhaps = self.features[id(record)], set(), (None, None)
        for key in sorted(self.wanted[id(record)]):
            for known in self.by_key.get(key, ()):
                if id(known) in seen:
                    continue
                seen.add(id(known))
                judgement = _doubted(matching.weigh(known.features, mine), known.features, mine)
                if judgement.verdict == matching.SAME:
                    return known, judgement
                if judgement.verdict == matching.PERHAPS and perhaps[0] is None:
                    perhaps = known, judgement
        return perhaps

    def _in_library(self, hit, record):
        try:
            match = self.shelf.match(record)
        except ValidationError:  # it has the numbers of two works: she has to look
            hit.verdict, hit.why = Hit.Verdict.PERHAPS, "identifiers"
            return
        if match.held:
            theirs = self.shelf.features_of(record)
            judgement = _doubted(match.judgement, match.held.features, theirs)
            hit.reference, hit.why = match.held.reference, judgement.code
            hit.verdict = Hit.Verdict.PERHAPS
            if judgement.verdict == matching.SAME:
                hit.verdict, hit.removed = Hit.Verdict.SAME, Hit.Removed.DUPLICATE
        elif match.perhaps:
            held, judgement = match.perhaps[0]
            hit.verdict, hit.why = Hit.Verdict.PERHAPS, judgement.code
            hit.reference = held.reference


def _is_duplicate(hit):
    return hit.removed == Hit.Removed.DUPLICATE and hit.duplicate_of is not None


def _doubted(judgement, mine, theirs):
    """A number that belongs to another work is not believed alone: where titles and people both
    say otherwise, she is asked."""
    if judgement.verdict != matching.SAME or judgement.code not in matching.IDENTIFIERS:
        return judgement
    if matching.titled_alike(mine.record, theirs.record) or not (mine.words and theirs.words):
        return judgement
    if mine.translated or theirs.translated or set(mine.families) & set(theirs.families):
        return judgement
    return matching.Judgement(matching.PERHAPS, judgement.code)
