"""Records as hypothesis invents them, within what every format can carry (docs/formats.md says what
that is)."""

import re
import string
from dataclasses import replace

from hypothesis import strategies as st

from references.formats import Name, Record, dates
from references.formats.languages import THREE
from references.vocabulary import CSLType

LETTERS = string.ascii_letters + "äéñßøŁçŠığ" + "Жλ文"
SIGNS = "0123456789.,;:()+=/*&%$#_{}~^\\\"'`!?<>|@-–—“”’ "


_ENTITY = re.compile(r"&(#?\w+;)")


def _plain(text):
    """Text as every reader leaves it: single spaces, no markup CSL-JSON would take for its own,
    and no entity of HTML, which databases write into any format: “a&lE;” is “a≦”."""
    text = " ".join(text.split()).replace("<", "<.")
    return _ENTITY.sub(lambda found: f"& {found[1]}", text)


def text(max_size=60, signs=SIGNS):
    body = st.text(st.sampled_from(LETTERS + signs), max_size=max_size)
    return st.tuples(st.sampled_from(LETTERS), body).map("".join).map(_plain)


def maybe(strategy):
    return st.just("") | (st.sampled_from(strategy) if isinstance(strategy, list) else strategy)


def _ends_well(title):
    """Brackets at the end of a title are a translation, and two dots are one too many for
    MEDLINE."""
    return title if not title.endswith("..") else title.rstrip(".")


titles = text(90).map(_ends_well)
line = text(25)
families = [
    "Herz",
    "van der Berg",
    "de la Cruz",
    "d'Arc",
    "O'Neill",
    "Núñez-Ruiz",
    "Gómez Carpio",
    "Ng",
    "Öz",
    "and",
]
given_names = ["Maria", "J. H.", "Jean-Paul", "Ana María", "Ch.", "Ludwig van", "and", "R. & D."]
roles = st.sampled_from(["author", "author", "author", "editor", "translator"])
names = st.one_of(
    st.builds(
        Name,
        st.sampled_from(families),
        st.sampled_from(given_names),
        st.sampled_from(["", "", "Jr.", "III", "Esq"]),
        role=roles,
    ),
    st.builds(Name, st.sampled_from(["Copeman", "Clavero-Núñez", "Li"]), role=roles),
    st.builds(Name, text(30).map("World {}".format), literal=st.just(True), role=roles),
)
drawn = st.builds(
    Record,
    citekey=st.sampled_from(["herz1945", "a:b.c+d-e", "Núñez_2020", "x"]),
    type=st.sampled_from([kind for kind in CSLType.values if kind != "review"]),
    title=titles,
    original_title=maybe(titles),
    translated_title=maybe(titles),
    container=maybe(line),
    container_short=maybe(line),
    year=st.none() | st.integers(1000, 2200) | st.integers(1850, 2020),
    month=st.none() | st.integers(1, 12),
    day=st.none() | st.integers(1, 31),
    year_approximate=st.booleans(),
    season=st.none() | st.integers(1, 4),
    until=maybe(
        st.builds(
            dates.numbers,
            st.integers(1850, 2020),
            st.sampled_from([0, 3, 12, 21, 24]),
            st.integers(0, 31),
        )
    ),
    volume=maybe(line),
    issue=maybe(line),
    pages=maybe(["833-837", "117", "S1-S9", "e0123", "12-14, 20", "vii-ix"]),
    number_of_pages=maybe(["116", "xii, 300", "2 vols"]),
    edition=maybe(line),
    chapter_number=maybe(line),
    genre=maybe(["Letter", "Poster", "Thesis", "Master's thesis", "PhD thesis", "A & B_c"]),
    event=maybe(line),
    publisher=maybe(line),
    place=maybe(line),
    doi=maybe(
        [
            "10.1136/ard.3.4.222",
            "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
        ]
    ),
    pmid=maybe(["1", "21006920"]),
    pmcid=maybe(["PMC2441105"]),
    nlm_id=maybe(["0372365", "101693456R"]),
    isbn=maybe(["9783319274829", "080424321X"]),
    issn=maybe(["0315-162X", "0315-162X 1499-2752"]),
    url=maybe(["https://example.org/a_b~c?x=1&y=%20#z", "http://example.org/"]),
    full_text_url=maybe(["https://example.org/full/1_2;3"]),
    language=maybe(sorted(THREE)),
    country=maybe(["ES", "GB", "TR", "Yugoslavia"]),
    abstract=maybe(text(300)),
    study_design=maybe(["case series", "case report", "review", "systematic review", "lecture"]),
    sample_size=st.none() | st.integers(0, 99_999),
    sample_unit=maybe(["operated patients"]),
    record_note=maybe(line),
    names=st.lists(names, max_size=5),
    authors_incomplete=st.booleans(),
    tags=st.lists(text(15, signs=" -'&,"), max_size=4, unique=True),
)


def _possible(record):
    """The record without what contradicts itself, its people in the order of their roles."""
    date = dates.checked(*dates.date_of(record))
    order = ["author", "editor", "translator"]
    return replace(
        record,
        year=date.year,
        month=date.month,
        day=date.day,
        year_approximate=date.approximate,
        season=date.season,
        until=date.until,
        original_title="" if record.original_title == record.title else record.original_title,
        names=sorted(record.names, key=lambda name: order.index(name.role)),
    )


records = st.lists(
    drawn.map(_possible), min_size=1, max_size=3, unique_by=lambda each: each.citekey
)
