"""Words a work is catalogued under, as each database writes them: “*Lipoma/su [Surgery]”, “Low Back
Pain/*drug therapy”."""

import re

from .records import Keyword

# The qualifiers of MeSH, by which a heading of its is known where nothing says so.
_QUALIFIERS = set(
    "abnormalities|administration & dosage|adverse effects|agonists|analogs &"
    " derivatives|analysis|anatomy & histology|"
    "antagonists & inhibitors|biosynthesis|blood|blood supply|cerebrospinal fluid|chemical"
    " synthesis|chemically induced|"
    "chemistry|classification|complications|congenital|cytology|deficiency|diagnosis|diagnostic"
    " imaging|diet therapy|"
    "drug effects|drug"
    " therapy|economics|education|embryology|enzymology|epidemiology|ethics|ethnology|"
    "etiology|genetics|"
    "growth & development|history|immunology|injuries|innervation|instrumentation|isolation &"
    " purification|"
    "legislation & jurisprudence|metabolism|methods|microbiology|mortality|nursing|organization &"
    " administration|"
    "parasitology|pathogenicity|pathology|pharmacokinetics|pharmacology|physiology|physiopathology|poisoning|"
    "prevention & control|psychology|radiation"
    " effects|radiotherapy|rehabilitation|secondary|standards|"
    "statistics & numerical data|supply & distribution|surgery|therapeutic"
    " use|therapy|toxicity|transmission|"
    "transplantation|trends|ultrastructure|urine|veterinary|virology".split("|")
)
_OVID = re.compile(r"(.+?)/[a-z]{2}(?:, [a-z]{2})* \[(.+)\]")


def keyword(text: str, vocabulary: str = "") -> Keyword | None:
    """One word of a list; stars mark what the work is mainly about, slashes its aspects."""
    text = " ".join(text.split())
    major = "*" in text
    plain = re.sub(r"(?:^|(?<=[/\[ ]))\*|\*$", "", text).strip()
    starred = {part.strip(" *") for part in text.split("/")[1:] if part.strip().startswith("*")}
    ovid = _OVID.fullmatch(plain) if len(plain) < 500 else None
    if ovid:
        term, qualifiers = ovid[1], re.split(r",\s*", ovid[2].casefold())
    else:
        term, *qualifiers = [part.strip() for part in plain.split("/")]
    known = all(qualifier.casefold() in _QUALIFIERS for qualifier in qualifiers)
    if not (vocabulary == "mesh" or (known and (ovid or vocabulary == ""))):
        term, qualifiers = plain, []
    if not term:
        return None
    kept = tuple(filter(None, qualifiers))
    return Keyword(term, vocabulary, kept, major, tuple(part for part in kept if part in starred))


def heading(word: Keyword) -> str:
    """As MEDLINE writes it: “Lipoma/surgery/*etiology”, “*Low Back Pain”."""
    star = "*" if word.major and not word.starred else ""
    aspects = (f"*{part}" if part in word.starred else part for part in word.qualifiers)
    return "/".join([star + word.term, *aspects])


def keywords(texts: list[str], vocabulary: str = "") -> list[Keyword]:
    """The words of a list, each once."""
    return list(dict.fromkeys(filter(None, (keyword(text, vocabulary) for text in texts))))


def as_tags(words: list[Keyword]) -> list[str]:
    """The bare terms."""
    return list(dict.fromkeys(word.term for word in words))
