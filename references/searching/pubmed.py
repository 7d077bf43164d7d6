"""PubMed by NCBI's E-utilities: ESearch gives the numbers, EFetch the records, two hundred at a
time."""

from django.conf import settings
from django.utils.translation import gettext as _

from .. import formats
from ..models import MOST_HITS
from .answers import Counted, Page
from .asking import SearchFailed, as_json, ask, readable

SOURCE, LABEL = "pubmed", "PubMed"
PORTION = 200
MOST_NAMED = 20  # numbers in one warning


def count(strategy, *, begin=None, end=None, most=MOST_HITS):
    """`Counted`: by when they came into PubMed (EDAT), between two dates or at any time."""
    query = {"db": "pubmed", "term": strategy, "retmode": "json", "retmax": most}
    if begin and end:
        window = {"mindate": begin.strftime("%Y/%m/%d"), "maxdate": end.strftime("%Y/%m/%d")}
        query |= {"datetype": "edat", **window}
    body = ask(SOURCE, LABEL, f"{settings.EUTILS_URL}/esearch.fcgi", query | _courtesy())
    answer = as_json(body, LABEL)
    with readable(LABEL):
        result = answer["esearchresult"]
        if said := result.get("ERROR") or answer.get("error"):
            raise SearchFailed(_("PubMed says: %(words)s") % {"words": str(said)[:300]})
        numbers = [str(number) for number in result["idlist"]]
        if not all(number.isascii() and number.isdigit() for number in numbers):
            raise ValueError("idlist")
        return Counted(
            int(result["count"]),
            str(result.get("querytranslation") or ""),
            list(_warnings(result)),
            ",".join(dict.fromkeys(numbers)),
        )


def _warnings(result):
    errors, warned = result.get("errorlist") or {}, result.get("warninglist") or {}
    for words, found in (
        (_("PubMed does not know “%(words)s”."), errors.get("phrasesnotfound")),
        (_("PubMed has no field “%(words)s”."), errors.get("fieldsnotfound")),
        (_("PubMed passed over “%(words)s”."), warned.get("phrasesignored")),
        (
            _("PubMed does not know the phrase “%(words)s” and looked for its words."),
            warned.get("quotedphrasesnotfound"),
        ),
    ):
        for each in found or ():
            yield words % {"words": str(each)[:200].strip(' "')}
    yield from (f"{LABEL}: {each}"[:300] for each in warned.get("outputmessages") or ())


def page(strategy, cursor, **window):
    """The records of the first numbers of `cursor`; what is left of it is the next."""
    numbers = cursor.split(",")
    asked, left = numbers[:PORTION], numbers[PORTION:]
    query = {"db": "pubmed", "id": ",".join(asked), "retmode": "xml"}
    body = ask(SOURCE, LABEL, f"{settings.EUTILS_URL}/efetch.fcgi", query | _courtesy())
    if "<PubmedArticleSet" not in body[:4000] or "</PubmedArticleSet>" not in body[-200:]:
        raise SearchFailed(
            _("The answer of %(source)s cannot be read: it is not in the form we know.")
            % {"source": LABEL}
        )
    parsed = formats.parse(body)
    records = {each.pmid: each for each in parsed.records if each.pmid in set(asked)}
    absent = [number for number in asked if number not in records]
    warnings = []
    if absent:
        words = _("PubMed named %(count)s numbers and gave no record of them: %(numbers)s")
        named = ", ".join(absent[:MOST_NAMED])
        warnings.append(words % {"count": len(absent), "numbers": named})
    return Page(list(records.items()), ",".join(left), warnings)


def _courtesy():
    found = {"tool": "living-review"}
    if settings.LOOKUP_CONTACT:
        found["email"] = settings.LOOKUP_CONTACT
    if settings.EUTILS_API_KEY:
        found["api_key"] = settings.EUTILS_API_KEY
    return found
