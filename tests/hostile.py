"""Texts made to cost work, the doors they come in by, and whether the work grows as they do.

A door takes a text of any length and does with it what the site does.
`tests/config/test_hostile_input.py` asserts, and `python -m bench.hostile` shows, what each text
costs at each door.
"""

import gc
import json
import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comments.commenters import links
from comments.models import Writer
from comments.moderation import flags, spam
from comments.text import html as comment_text
from comments.text import language
from publishing import images
from publishing.richtext import footnotes, sanitise, tree, voices
from publishing.search import highlight, query, words
from references import csl, formats, matching
from references.browsing import pubmed
from references.citing import labels
from references.formats import dates, latex

from .factories import ReferenceFactory
from .factories import comment as make_comment


def again(piece):
    return lambda length: (piece * (length // len(piece) + 1))[:length]


TEXTS = {
    "marks": lambda length: "a" + again("\u0301\u0316")(length - 1),
    "marks made of marks": lambda length: "a" + again("\u0344\u0f73")(length - 1),
    "marks by thirty": again("a" + "\u0301\u0316" * 15),
    "one word": again("a"),
    "capitals": again("A"),
    "ligatures": again("ﷺ"),
    "no spaces": again("漢"),
    "digits": again("1"),
    "numbers": again("1 "),
    "ranges": again("1990-"),
    "telephones": again("+34 6 "),
    "spaces": again(" "),
    "no-break spaces": again("\xa0 "),
    "lines": again("\n"),
    "lines of a word": again("a \n"),
    "Windows lines": again("\r\n"),
    "quotations": again("> "),
    "> runs": again(">"),
    "quotation marks": again('"'),
    "apostrophes": again("'"),
    "apostrophes before words": again("'a "),
    "apostrophes behind words": again("a' "),
    "full stops": again("."),
    "stops apart": again(". "),
    "punctuation": again(";:!?.,"),
    "hyphens": again("a-"),
    "brackets": again("[({"),
    "closing brackets": again("])}"),
    "citations": again("[@a"),
    "e-mails": again("a@a."),
    "half e-mails": again("a arroba "),
    "addresses": again("https://a "),
    "schemes": again("http://"),
    "doctors": again("Dr de la A. "),
    "DOIs": again("10.1000/"),
    "fields": again("a:"),
    "OR": again("OR a "),
    "and": again(" and "),
    "PubMed's tags": again("a[ti] "),
    "braces": again("{"),
    "closed braces": again("{}"),
    "backslashes": again("\\"),
    "accents": again("\\'{"),
    "dollars": again("$a "),
    "ampersands": again("&amp"),
    "entities": again("&nbsp;"),
    "<": again("<"),
    "<!--": again("<!--"),
    "<b>": again("<b>"),
    "a<br>": again("a<br>"),
    "@": again("@article{a,\n"),
    "RIS": again("TY  - JOUR\n"),
    "NBIB": again("PMID- 1\n"),
    "<record>": again("<record>"),
    "JSON": again('[{"'),
    "private signs": again("\ue000\ue00e"),
}
TAGS = {
    "<b>": again("<b>"),
    "<b>x": again("<b>x"),
    "<b><i>x</b>": again("<b><i>x</b>"),
    "a<br>": again("a<br>"),
    "a<b></b>": again("a<b></b>"),
    "</b>": again("</b>"),
    "<p>a": again("<p>a"),
    "<div>": again("<div>"),
    "<blockquote>a": again("<blockquote>a"),
    "<ul><li>a": again("<ul><li>a"),
    "<table><td>x": again("<table><td>x"),
    "<td>x": again("<td>x"),
    "<figure>": again("<figure><figcaption>a"),
    "<small>": again("<figure><figcaption>a<small>b</small></figcaption></figure>"),
    "footnotes": again('<span class="fn">a</span>'),
    "footnotes in each other": again('<span class="fn">a'),
    "citations": again('<span data-cite="a">x</span>'),
    "links": again('<a href="https://a.example/">a'),
    "pictures": again('<img src="/media/a.png">'),
    "comments": again("a<!-- -->"),
    "attributes": lambda length: "<p " + again('a="" ')(length) + ">",
}  # fmt: skip
TEXTS_OF_TAGS = TEXTS | TAGS


# The doors, as functions of a text


def _rich(html):
    root = tree.parse(sanitise.clean(html))
    footnotes.place(root)
    voices.mark(root)
    sanitise.text_of(tree.serialise(root))


def _comment(text):
    comment_text.plain(comment_text.to_html(comment_text.normalise(text)))


def _judged(text):
    """Flags and rules of spam get what a form let through."""
    flags.find(text)
    spam.LINK.findall(text)
    spam.LINK.sub("", text)
    spam.MARKUP.search(text)


def _searched(text):
    asked = query.parse(pubmed.translate(text))
    asked.phrases()
    highlight.mark(highlight.excerpt(text, asked).text, asked)


def _cited(text):
    item = {
        "id": "a", "type": "chapter", "author": [{"family": text, "given": text, "suffix": text},
            {"literal": text}],
        "issued": {"literal": text},
        **dict.fromkeys(("title", "container-title", "page", "volume", "issue", "edition",
            "publisher", "URL", "DOI"), text),
    }  # fmt: skip
    for style in csl.STYLES:
        csl.plain_text(csl.format_entry(item, style))


def _read(text):
    for _item in formats.read(text.encode("utf-8", "replace")):
        pass


def _file(start, *fields, end=""):
    """A file of one record with the text in each of these fields, and one that is nothing but the
    text."""
    return lambda text: _read(
        start + "".join(before + text + after for before, after in fields) + end
    )


def _ris(text):
    _read(
        "TY  - JOUR\n"
        + "".join(f"{tag}  - {text}\n" for tag in "TI AU PY SP SN UR AN C2 KW AB DO LA DA".split())
        + "ER  - \n"
    )


def _nbib(text):
    tags = (
        "TI  ",
        "FAU ",
        "DP  ",
        "PG  ",
        "LID ",
        "AID ",
        "MH  ",
        "AB  ",
        "LA  ",
        "TT  ",
        "IS  ",
        "PT  ",
    )
    _read("PMID- 1\n" + "".join(f"{tag}- {text}\n" for tag in tags))


def _csl_json(text):
    names = "title page DOI ISBN ISSN URL keyword note language volume".split()
    _read(
        json.dumps(
            [
                {"id": "a", "type": "book", "author": [{"literal": text}], "issued": {"raw": text}}
                | dict.fromkeys(names, text)
            ]
        )
    )


def _work(text, year=2000):
    names = [formats.Name(text)] * 3
    return formats.Record(
        title=text, translated_title=text[1:], container=text, pages=text, year=year, names=names
    )


BIBTEX_FIELDS = (
    "title author year pages keywords note url doi language howpublished crossref".split()
)
PUBMED = "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
PUBMED_END = "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
# door: (function, length of the longest text, texts)
PLAIN_DOORS = {
    "rich text": (_rich, 6_000, TAGS),
    "rich text, plain": (sanitise.clean, 12_000, TEXTS),
    "comment": (_comment, 40_000, TEXTS),
    "language of a comment": (language.detect, 80_000, TEXTS),
    "search": (_searched, 40_000, TEXTS),
    "words": (words.cut, 80_000, TEXTS),
    "citation": (_cited, 3_000, TEXTS),
    "locator": (labels.locator, 40_000, TEXTS),
    "keys of a work": (lambda text: matching.keys(_work(text)), 40_000, TEXTS),
    "two works": (lambda text: matching.judge(_work(text), _work(f"{text}.", year=1999)), 40_000,
        TEXTS),
    "LaTeX": (latex.decode, 40_000, TEXTS),
    "date": (dates.parse, 40_000, TEXTS),
    "any file": (_read, 40_000, TEXTS),
    "BibTeX": (_file("@article{a, ", *[(f"{name}={{", "},\n") for name in BIBTEX_FIELDS], end="}"),
        3_000, TEXTS),
    "BibTeX, raw": (_file("@article{a, title={x}}\n", ("", "")), 20_000, TEXTS),
    "RIS": (_ris, 2_500, TEXTS),
    "NBIB": (_nbib, 2_500, TEXTS),
    "PubMed XML": (
        _file(
            PUBMED,
            ("<ArticleTitle>", "</ArticleTitle>"),
            ("<Abstract><AbstractText>", "</AbstractText></Abstract>"),
            end=PUBMED_END,
        ),
        20_000,
        TEXTS,
    ),
    "EndNote XML": (
        _file("<xml><records>", ("<record><titles><title>", "</title></titles></record>"),
            end="</records></xml>"),
        20_000,
        TEXTS,
    ),
    "CSL-JSON": (_csl_json, 3_000, TEXTS),
}  # fmt: skip
DATABASE_DOORS = {"flags and spam": (_judged, 10_000, TEXTS)}  # a comment has no more
SOME = {
    name: TEXTS[name] for name in ("marks", "marks made of marks", "quotation marks", "punctuation")
}
HEADERS = (
    "Accept-Language",
    "Cookie",
    "Referer",
    "User-Agent",
    "X-Forwarded-For",
    "If-None-Match",
    "If-Modified-Since",
    "Accept",
)
LONG, ADDRESS = (
    100_000,
    8_000,
)  # what a form may bring; what a server takes as an address or a header


def request_doors(client, desk, page):
    """Whole requests, each with the text wherever there is room for it; `desk` is a client logged
    in as the author."""
    words_sent = "name email role kind quote text language stamp writer subject captcha_0 captcha_1"
    words_sent = [*words_sent.split(), "consent"]
    mine = make_comment(page, writer=Writer.objects.create())
    client.post(links.link(mine.writer))
    work = ReferenceFactory()
    form = reverse("comments:new", args=[page._meta.label_lower, page.pk])

    def asks(address, *names):
        return lambda text: client.get(address, dict.fromkeys(names or ("q",), text))

    def upload(text):
        desk.post(reverse("admin:references_import"), {"text": text})
        desk.post(
            reverse("admin:references_import"),
            {"file": SimpleUploadedFile("a.bib", text.encode("utf-8", "replace"))},
        )

    def picture(text):
        images.title_of(text)
        file = SimpleUploadedFile("a.png", text.encode("utf-8", "replace"))
        desk.post(
            reverse("admin:publishing_image_upload"), {"file": file, "title": text, "alt": text}
        )

    def typed(address, names):
        return lambda text: client.post(address, dict.fromkeys(names, text))

    return {
        "comment form": (typed(form, words_sent), LONG, SOME),
        "comment form, preview": (typed(form, [*words_sent, "preview"]), LONG, SOME),
        "preview": (typed(reverse("comments:preview"), ("text", "language")), LONG, SOME),
        "form to follow by mail": (
            typed(reverse("comments:follow", args=["review"]), words_sent),
            LONG,
            SOME,
        ),
        "naming a work": (typed(reverse("nominate"), [*words_sent, "work", "why"]), LONG, SOME),
        "own page": (typed(reverse("comments:mine"), ("do", "comment")), LONG, SOME),
        "own page, correction": (
            typed(reverse("comments:correct", args=[mine.pk]), words_sent),
            LONG,
            SOME,
        ),
        "log-in": (typed(reverse("admin:login"), ("username", "password", "next")), LONG, SOME),
        "log-in, second step": (typed(reverse("admin:login"), ("proof", "code")), LONG, SOME),
        "log-in, passkey": (typed(reverse("passkey"), ("credential", "next")), LONG, SOME),
        "comment form, address": (asks(form, "reply_to", "from", "kind", "quote"), ADDRESS, SOME),
        "site search": (asks(reverse("search"), "q", "kind", "page"), ADDRESS, SOME),
        "suggestions": (asks("/search/suggest/"), ADDRESS, SOME),
        "library": (
            asks(
                "/references/", "q", "tag", "person", "from", "decade", "language", "sort", "page"
            ),
            ADDRESS,
            SOME,
        ),
        "people": (asks("/references/people/", "q", "page"), ADDRESS, SOME),
        "names": (asks("/names/", "q"), ADDRESS, SOME),
        "questions": (asks("/questions/", "q", "page", "in", "by"), ADDRESS, SOME),
        "is it answered here?": (asks("/questions/answered/"), ADDRESS, SOME),
        "report of a mistake": (
            lambda text: client.get(form, {"kind": "correction", "quote": text}),
            ADDRESS,
            SOME,
        ),
        "to your doctor": (asks("/references/take/to-your-doctor/", "key", "q"), ADDRESS, SOME),
        "address": (lambda text: client.get(f"/{text}/"), ADDRESS, SOME),
        "address, image": (lambda text: client.get(f"/media/{text}"), ADDRESS, SOME),
        "address, tag": (lambda text: client.get(f"/tags/{text}/"), ADDRESS, SOME),
        "headers": (
            lambda text: client.get(
                "/",
                headers=dict.fromkeys(HEADERS, text.encode("utf-8", "replace").decode("latin-1")),
            ),
            ADDRESS,
            SOME,
        ),
        "desk, import": (upload, 100_000, SOME),
        "desk, picture": (picture, 100_000, SOME),
        "desk, figures": (
            lambda text: desk.get(reverse("admin:publishing_image_pick"), {"q": text}),
            ADDRESS,
            SOME,
        ),
        "desk, references": (
            lambda text: desk.get(reverse("admin:references_pick"), {"q": text, "keys": text}),
            ADDRESS,
            SOME,
        ),
        "desk, list": (
            lambda text: desk.get(reverse("admin:references_reference_changelist"), {"q": text}),
            ADDRESS,
            SOME,
        ),
        "a work": (
            lambda text: client.get(f"/references/{work.citekey}/", {"page": text}),
            ADDRESS,
            SOME,
        ),
    }


# Measuring


ENOUGH = 0.01  # seconds of CPU; less says nothing
REQUEST = 0.05  # what a page may take whatever is asked
MOST = 8  # times the work for four times the text: 4 is in proportion, 16 the square


def cpu(door, text, tries):
    """Seconds of CPU of this thread, the least of some tries: what else the machine is at, and
    when Python looks for garbage, is not the text's fault."""
    times = []
    gc.disable()
    try:
        for _ in range(tries):
            started = time.thread_time()
            door(text)
            times.append(time.thread_time() - started)
            if times[-1] > 1:
                break
    finally:
        gc.enable()
    return min(times)


def growth(door, make, length, enough=ENOUGH):
    """`(seconds for a quarter of the length, for the whole)`; the quarter is 0 where the whole took
    at most `enough`. What looks out of proportion is looked at again, more often."""
    quarter, whole = 0, cpu(door, make(length), tries=1)
    if whole > enough:
        quarter = cpu(door, make(length // 4), tries=3)
        if not is_in_proportion(quarter, whole):
            quarter, whole = cpu(door, make(length // 4), tries=9), cpu(door, make(length), tries=5)
    return quarter, whole


def is_in_proportion(quarter, whole):
    return not quarter or whole <= MOST * max(quarter, ENOUGH / 4)
