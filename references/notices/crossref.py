"""What Crossref says of works: by DOI, twenty at a time; what it does not know is absent."""

from itertools import islice
from urllib.parse import quote

from django.conf import settings

from publishing.later import later

from ..formats import notices
from ..formats.records import Record

asking = later("references.searching.asking")

SOURCE, LABEL, NUMBER = "crossref", "Crossref", "doi"
PORTION, BLOCK = 200, 20  # of works in a transaction, of numbers in a question
FIELDS = "DOI,updated-by,update-to,relation"


def ask_for(dois):
    """`{doi: [formats.WorkNotice]}` of those it knows. Raises `SearchFailed`."""
    # A comma would end the number in a list of them.
    alone = [doi for doi in dois if "," in doi]
    together = [doi for doi in dois if "," not in doi]
    items = []
    for block in _blocks(together):
        asked = {"filter": ",".join(f"doi:{doi}" for doi in block), "select": FIELDS}
        message = _message("/works", asked | {"rows": len(block)})
        with asking.readable(LABEL):
            items += message["items"]
    for doi in alone:
        items += _one(doi)
    found, wanted = {}, {doi.lower() for doi in dois}
    with asking.readable(LABEL):
        for item in items:
            doi = str(item["DOI"]).lower()
            if doi in wanted:
                record = Record()
                notices.read_crossref(record, item)
                found[doi] = record.notices
    return found


def _blocks(dois):
    rest = iter(dois)
    while block := list(islice(rest, BLOCK)):
        yield block


def _one(doi):
    try:
        return [_message(f"/works/{quote(doi, safe='')}", {})]
    except asking.SearchFailed as error:
        if error.unknown:
            return []
        raise


def _message(path, query):
    if settings.LOOKUP_CONTACT:
        query = query | {"mailto": settings.LOOKUP_CONTACT}
    answer = asking.as_json(
        asking.ask(SOURCE, LABEL, f"{settings.CROSSREF_URL}{path}", query), LABEL
    )
    with asking.readable(LABEL):
        message = answer["message"]
        if not isinstance(message, dict):
            raise ValueError("message")
        return message
