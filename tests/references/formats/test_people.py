"""One rule for names, whatever the format: “Family|Given|Suffix”, or “{an organisation}”."""

from pathlib import Path

import pytest

from references import formats
from references.formats import names


def shown(name):
    return (
        f"{{{name.family}}}"
        if name.literal
        else "|".join((name.family, name.given, name.suffix)).rstrip("|")
    )


NAMES = {
    # By initials, the family first.
    "Liu R.": "Liu|R.",
    "Liu R": "Liu|R.",
    "Smith JA": "Smith|J. A.",
    "Smith J A": "Smith|J. A.",
    "Smith J.A.": "Smith|J. A.",
    "Smith J. A.": "Smith|J. A.",
    "Smith JA Jr": "Smith|J. A.|Jr",
    "Smith JA III": "Smith|J. A.|III",
    "Smith Jr JA": "Smith|J. A.|Jr",
    "van der Berg J.-P.": "van der Berg|J.-P.",
    "van der Berg J-P": "van der Berg|J.-P.",
    "De la Cruz A.B.": "De la Cruz|A. B.",
    "Berg J van der": "van der Berg|J.",
    "Gómez Carpio MT": "Gómez Carpio|M. T.",
    "García-López M.": "García-López|M.",
    "Ramón y Cajal S.": "Ramón y Cajal|S.",
    "Puig i Cadafalch J": "Puig i Cadafalch|J.",
    "Costa e Silva C": "Costa e Silva|C.",
    "O'Neill T.": "O'Neill|T.",
    "Ivanov Yu.A.": "Ivanov|Yu. A.",
    "E M.A.": "E|M. A.",
    "Öz Ş": "Öz|Ş.",
    "Yi ZM": "Yi|Z. M.",
    # With a comma.
    "Smith, John A.": "Smith|John A.",
    "Smith, JA": "Smith|J. A.",
    "Smith, J.A.": "Smith|J. A.",
    "Smith, J A": "Smith|J. A.",
    "Smith, J.-P.": "Smith|J.-P.",
    "Smith, John A Jr": "Smith|John A|Jr",
    "Smith, John A., Jr.": "Smith|John A.|Jr.",
    "Smith, Jr., John": "Smith|John|Jr.",
    "Smith Jr., J.A.": "Smith|J. A.|Jr.",
    "Smith JA, Jr": "Smith|J. A.|Jr",
    "Puig i Cadafalch, Josep": "Puig i Cadafalch|Josep",
    "Silva, João da": "Silva|João da",
    "d'Arc, Jeanne": "d'Arc|Jeanne",
    "Zhang, Xiao-Ming": "Zhang|Xiao-Ming",
    "Li, An": "Li|An",
    # In capitals.
    "SMITH JA": "Smith|J. A.",
    "SMITH, JOHN": "Smith|John",
    "GÓMEZ CARPIO, MARÍA": "Gómez Carpio|María",
    "VAN DER BERG, J": "van der Berg|J.",
    "O'NEILL, T.": "O'Neill|T.",
    "GARCÍA-LÓPEZ M": "García-López|M.",
    "MCDONALD, RONALD": "McDonald|Ronald",
    "PUIG, ANA": "Puig|Ana",
    "NG B": "Ng|B.",
    # As one says it.
    "John A. Smith": "Smith|John A.",
    "J. A. Smith": "Smith|J. A.",
    "X. -M. Zhang": "Zhang|X.-M.",
    "Ludwig van Beethoven": "van Beethoven|Ludwig",
    "María de la Cruz": "de la Cruz|María",
    "Santiago Ramón y Cajal": "Ramón y Cajal|Santiago",
    "Carlos Costa e Silva": "Costa e Silva|Carlos",
    "Anna De Luca": "De Luca|Anna",
    "Juan Carlos De La Cruz": "De La Cruz|Juan Carlos",
    "Van Morrison": "Morrison|Van",
    "Martin King Jr.": "King|Martin|Jr.",
    "Kim Min-Soo": "Kim|Min-Soo",
    "Anna Smith-Jones": "Smith-Jones|Anna",
    "Nguyen The Anh": "Nguyen|The Anh",
    "李 伟": "李|伟",
    "李伟": "李伟",
    "Copeman": "Copeman",
    # Nobody's.
    "WHO Study Group": "{WHO Study Group}",
    "World Health Organization": "{World Health Organization}",
    "Cancer Research UK": "{Cancer Research UK}",
    "NHS England": "{NHS England}",
    "Institute for Back Research, London": "{Institute for Back Research, London}",
    "EndNote has it so,": "{EndNote has it so}",
    "Merck & Co, Inc., Rahway, NJ": "{Merck & Co, Inc., Rahway, NJ}",
}


@pytest.mark.parametrize(("written", "meant"), NAMES.items())
def test_a_name_is_taken_apart(written, meant):
    assert shown(names.person(written)) == meant


@pytest.mark.parametrize("meant", sorted(set(NAMES.values())))
def test_a_name_taken_apart_once_stays_as_it_is(meant):
    if not meant.startswith("{"):
        again = names.person(meant.replace("|", ", "))
        assert shown(again) == meant


@pytest.mark.parametrize("nothing", ["", " ", ",", "et al.", "and others", ";"])
def test_nobody_is_made_of_nothing(nothing):
    assert names.person(nothing) is None


LISTS = {
    "Smith, J.; Doe, B.; Li, C.": (["Smith|J.", "Doe|B.", "Li|C."], False),
    "Smith J, Doe BA, Li C": (["Smith|J.", "Doe|B. A.", "Li|C."], False),
    "Smith J and Doe BA": (["Smith|J.", "Doe|B. A."], False),
    "Smith JA, et al.": (["Smith|J. A."], True),
    "Smith, John et al": (["Smith|John"], True),
    "et al": ([], True),
    "Smith, John": (["Smith|John"], False),
    "Smith JA, Jr": (["Smith|J. A.|Jr"], False),
    "Li, J.; Li, J.": (["Li|J.", "Li|J."], False),
}


@pytest.mark.parametrize(("written", "meant"), LISTS.items())
def test_a_field_may_name_several(written, meant):
    found, more = names.people(written)
    assert ([shown(name) for name in found], more) == meant


ONE_LIST = [
    "Liu R.",
    "van der Berg J.-P.",
    "Smith JA",
    "WHO Study Group",
    "Puig i Vila, Josep",
    "Li, J.",
    "Li, J.",
]
MEANT = [
    "Liu|R.",
    "van der Berg|J.-P.",
    "Smith|J. A.",
    "{WHO Study Group}",
    "Puig i Vila|Josep",
    "Li|J.",
    "Li|J.",
]


def _ris(people):
    return "TY  - JOUR\nTI  - T\n" + "".join(f"AU  - {name}\n" for name in people) + "ER  - \n"


def _nbib(people):
    return "PMID- 1\nTI  - T\n" + "".join(f"AU  - {name}\n" for name in people)


def _xml(people):
    authors = "".join(f"<author>{name}</author>" for name in people)
    people = f"<contributors><authors>{authors}</authors></contributors>"
    return (
        f"<xml><records><record><titles><title>T</title></titles>{people}</record></records></xml>"
    )


def _bib(people):
    return f"@article{{a, title = {{T}}, author = {{{' and '.join(people)}}}}}"


def _refer(people):
    return "%0 Journal Article\n%T T\n" + "".join(f"%A {name}\n" for name in people)


def _json(people):
    quoted = ", ".join(f'"{name}"' for name in people)
    return f'[{{"type": "article-journal", "title": "T", "author": [{quoted}]}}]'


def _json_string(people):
    return f'{{"type": "article-journal", "title": "T", "author": "{"; ".join(people)}"}}'


@pytest.mark.parametrize("written", [_ris, _nbib, _xml, _bib, _refer, _json, _json_string])
def test_every_format_has_the_same_rule(written):
    parsed = formats.parse(written(ONE_LIST).encode())
    assert parsed.refused == []
    assert [shown(name) for name in parsed.records[0].names] == MEANT


ORDERS = [
    line.split("\t")
    for line in (Path(__file__).parent.parent / "data/name_order.tsv").read_text().splitlines()
]


def test_east_asian_names_without_a_comma_are_never_silently_wrong():
    read = {written: names.person(written) for written, _family, _seen in ORDERS}
    wrong = [written for written, family, _seen in ORDERS if read[written].family != family]
    assert not [written for written in wrong if not read[written].doubtful]
    assert len(wrong) <= len(ORDERS) // 20, wrong
    sure = [written for written in read if not read[written].doubtful]
    assert "Van Anh Nguyen" in sure
    assert "Kim Anderson" in sure


@pytest.mark.parametrize("written", [_ris, _bib, _refer, _json_string])
def test_a_guessed_order_is_told_once_for_the_work(written):
    parsed = formats.parse(written(["Nguyen Van Anh", "Zhang Wei", "Smith JA"]).encode())
    (record,) = parsed.records
    assert [shown(name) for name in record.names] == ["Nguyen|Van Anh", "Zhang|Wei", "Smith|J. A."]
    (told,) = parsed.warnings
    assert "Nguyen, Van Anh; Zhang, Wei" in told.reason
