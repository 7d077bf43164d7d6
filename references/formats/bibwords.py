"""The words of BibTeX and BibLaTeX: kinds of entries, names of fields, and what they are in the
library."""

import re

ROLES = ("author", "editor", "translator")
MASTERS, DOCTORAL = "Master's thesis", "PhD thesis"

TYPES = {
    "article": "article-journal", "book": "book", "mvbook": "book", "booklet": "book",
    "collection": "book", "mvcollection": "book", "proceedings": "book", "mvproceedings": "book",
    "reference": "book", "periodical": "book", "inbook": "chapter", "incollection": "chapter",
    "bookinbook": "chapter", "suppbook": "chapter", "suppcollection": "chapter",
    "inreference": "entry-encyclopedia", "inproceedings": "paper-conference",
    "conference": "paper-conference", "suppperiodical": "article-journal", "phdthesis": "thesis",
    "mastersthesis": "thesis", "mathesis": "thesis", "bathesis": "thesis", "thesis": "thesis",
    "techreport": "report", "report": "report", "manual": "report", "unpublished": "manuscript",
    "online": "webpage", "electronic": "webpage", "www": "webpage", "webpage": "webpage",
    "patent": "patent", "dataset": "dataset", "review": "review", "movie": "motion_picture",
    "video": "motion_picture", "letter": "personal_communication", "preprint": "article",
}  # fmt: skip
# What @misc and @article may say of themselves in `entrysubtype`; the writer says it there too.
SUBTYPES = {
    "magazine": "article-magazine", "newspaper": "article-newspaper", "preprint": "article",
    "blog": "post-weblog", "review": "review", "lecture": "speech", "film": "motion_picture",
    "letter": "personal_communication", "document": "document",
    "encyclopedia": "entry-encyclopedia",
}  # fmt: skip
WRITTEN = {
    "article-journal": ("article", ""), "article-magazine": ("article", "magazine"),
    "article-newspaper": ("article", "newspaper"), "article": ("misc", "preprint"),
    "book": ("book", ""), "chapter": ("incollection", ""),
    "entry-encyclopedia": ("incollection", "encyclopedia"),
    "paper-conference": ("inproceedings", ""), "thesis": ("phdthesis", ""),
    "report": ("techreport", ""), "review": ("article", "review"), "speech": ("misc", "lecture"),
    "webpage": ("online", ""), "post-weblog": ("online", "blog"), "dataset": ("dataset", ""),
    "motion_picture": ("misc", "film"), "patent": ("patent", ""), "manuscript": ("unpublished", ""),
    "personal_communication": ("misc", "letter"), "document": ("misc", "document"),
}  # fmt: skip
IN_BOOK = {"chapter", "paper-conference", "entry-encyclopedia"}
GENRES = {
    "mathesis": MASTERS, "phdthesis": DOCTORAL, "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis", "techreport": "Technical report",
    "resreport": "Research report",
}  # fmt: skip
ENTRY_GENRES = {
    "phdthesis": DOCTORAL,
    "mastersthesis": MASTERS,
    "mathesis": MASTERS,
    "bathesis": "Bachelor's thesis",
}
HOW_GENRE = re.compile(
    r"poster|abstract|conference (?:paper|poster)|lecture|letter|editorial|leaflet|pamphlet", re.I
)
HOW_WEB = re.compile(
    r"web ?(?:site|page)|on ?line|internet|available (?:at|from|on).*|accessed.*", re.I
)

# Text fields by the names they may have, the first that is there wins.
TEXT = {
    "volume": ("volume",), "issue": ("number", "issue"),
    "number_of_pages": ("pagetotal", "numpages"), "edition": ("edition",),
    "chapter_number": ("chapter",), "event": ("eventtitle", "conference"),
    "publisher": ("publisher", "school", "institution", "organization"),
    "place": ("address", "location", "venue"), "pmid": ("pmid",), "pmcid": ("pmcid", "pmc"),
    "nlm_id": ("nlmid", "nlmuniqueid"), "isbn": ("isbn",), "issn": ("issn",),
    "issn_kinds": ("issnkinds",),
    "abstract": ("abstract",), "study_design": ("studydesign",), "sample_unit": ("sampleunit",),
    "original_title": ("origtitle",), "record_note": ("addendum",),
    "container_short": (
        "shortjournal", "journal-abbr", "journalabbr", "abbrjournal", "abbrev_source_title",
        "journal-iso",
    ),
}  # fmt: skip
VERBATIM = {"doi": ("doi",), "url": ("url",), "full_text_url": ("fulltexturl",)}
_OTHERS_READ = (
    "title subtitle titleaddon journal journaltitle journalsubtitle booktitle booksubtitle year "
    "date month day pages eid articleno type entrysubtype howpublished keywords keyword language "
    "langid hyphenation country samplesize translatedtitle author editor translator crossref "
    "xdata xref eprint eprinttype archiveprefix art_number article-number author_keywords "
    "keywords-plus tags notices pubstate"
).split()
# What others noted, and addresses of people: for the author's eyes alone.
PRIVATE = (
    "note",
    "annote",
    "annotation",
    "comment",
    "review",
    "correspondence_address",
    "affiliations",
    "affiliation",
)
# Book-keeping of other programs, and private notes: nobody misses it in the library.
_PASSED_OVER = set(
    "key keyname owner timestamp file pdf groups bibsource biburl date-added date-modified "
    "added-at interhash intrahash ids options sortkey sortname sortyear presort shorthand label "
    "langidopts urldate lastchecked lastvisited issn-l copyright rights annotator primaryclass "
    "da ty numericprints creationdate modificationdate priority readstatus ranking "
    "qualityassured mendeley-tags mendeley-groups abstractnote bookauthor editortype dateadded "
    "datemodified publication_stage source coden printed unique-id times-cited "
    "number-of-cited-references usage-count-last-180-days usage-count-since-2013 "
    "doc-delivery-number research-areas web-of-science-categories journal_abbrev shorttitle "
    "series".split()
)
TAKEN = (
    {name for group in (*TEXT.values(), *VERBATIM.values()) for name in group}
    | set(_OTHERS_READ)
    | set(PRIVATE)
    | _PASSED_OVER
)
# What a work does not inherit from the one it is part of.
OWN = set(
    "title subtitle titleaddon doi url pages pagetotal abstract pmid pmcid keywords note eprint "
    "chapter ids key label shorthand entrysubtype crossref xdata type translatedtitle origtitle "
    "fulltexturl studydesign samplesize sampleunit annote annotation file".split()
)
