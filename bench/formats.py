"""How fast every format is read, and how much memory a long file takes: `python -m bench.formats
[RECORDS]`.

Each format is read in a process of its own, so that the peak is that of one format alone.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import escape

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from references import formats  # noqa: E402 - the settings come first
from references.formats import Name, Record  # noqa: E402

# What a long file can be made of here.
WRITTEN = ("bibtex", "ris", "nbib", "csljson", "pubmedxml", "endnotexml")
ABSTRACT = (
    "We followed patients with low back pain and a palpable nodule over the sacrum for two years"
    " after injection. " * 12
)
PUBMED = """<PubmedArticle><MedlineCitation><PMID Version="1">{r.pmid}</PMID><Article><Journal>
<JournalIssue>
<Volume>{r.volume}</Volume><Issue>{r.issue}</Issue><PubDate><Year>{r.year}</Year><Month>Jul</Month></PubDate></JournalIssue>
<Title>{r.container}</Title></Journal><ArticleTitle>{title}.</ArticleTitle><Pagination><MedlinePgn>{r.pages}</MedlinePgn>
</Pagination><Abstract><AbstractText Label="METHODS">{abstract}</AbstractText></Abstract>
<AuthorList>{people}</AuthorList>
<Language>spa</Language></Article></MedlineCitation><PubmedData><ArticleIdList>
<ArticleId IdType="doi">{r.doi}</ArticleId>
</ArticleIdList></PubmedData></PubmedArticle>
"""
ENDNOTE = """<record><ref-type name="Journal Article">17</ref-type><contributors>
<authors>{people}</authors></contributors>
<titles><title><style face="normal">{title}</style></title>
<secondary-title>{r.container}</secondary-title></titles>
<pages>{r.pages}</pages><volume>{r.volume}</volume><number>{r.issue}</number><dates><year>{r.year}</year></dates>
<abstract>{abstract}</abstract><electronic-resource-num>{r.doi}</electronic-resource-num></record>
"""


def records(count):
    """Articles of the usual length: six authors, accents, an abstract of 1,300 characters."""
    for number in range(count):
        yield Record(
            citekey=f"núñez{1900 + number % 120}n{number}",
            type="article-journal",
            title=(
                f"Herniación de la grasa subfascial como causa de lumbalgia: {number} casos &"
                " “nódulos” de Copeman"
            ),
            container="Annals of the Rheumatic Diseases",
            container_short="Ann Rheum Dis",
            year=1900 + number % 120,
            month=7,
            volume=str(number % 90),
            issue="4",
            pages=f"{number}-{number + 9}",
            doi=f"10.1136/ard.{number}",
            pmid=str(10_000_000 + number),
            language="es",
            abstract=ABSTRACT,
            names=[Name(f"van der Berg{(number + n) % 5000}", "Ana María") for n in range(6)],
            tags=["back mice", "low back pain"],
        )


def pieces(name, count):
    """The text of a file of `count` records in one format."""
    if name == "pubmedxml":
        yield "<PubmedArticleSet>"
        yield from (
            PUBMED.format(r=r, title=escape(r.title), abstract=r.abstract, people=_authors(r))
            for r in records(count)
        )
        yield "</PubmedArticleSet>"
    elif name == "endnotexml":
        yield "<xml><records>"
        for r in records(count):
            people = "".join(f"<author>{name.family}, {name.given}</author>" for name in r.names)
            yield ENDNOTE.format(r=r, title=escape(r.title), abstract=r.abstract, people=people)
        yield "</records></xml>"
    else:
        yield from formats.READERS[name].write(records(count))


def _authors(record):
    return "".join(
        f"<Author><LastName>{name.family}</LastName><ForeName>{name.given}</ForeName></Author>"
        for name in record.names
    )


def measure(path):
    """Read one file and print what it took; the process ends after this."""
    started = time.perf_counter()
    with Path(path).open("rb") as file:
        name, size = formats.detect(file.read(10_000)), Path(path).stat().st_size / 1e6
        count = sum(isinstance(item, Record) for item in formats.read(file))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"read {name:<10} {count:>7,} records {size:5.0f} MB file {seconds:6.1f} s"
        f" {count / seconds:>7,.0f}/s  peak {peak:4.0f} MB"
    )


def main(count=20_000):
    for name in WRITTEN:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=f".{name}") as file:
            started = time.perf_counter()
            file.writelines(pieces(name, count))
            file.flush()
            seconds = time.perf_counter() - started
            if hasattr(formats.READERS[name], "write"):
                print(
                    f"write {name:<9} {count:>7,} records {'':13} {seconds:6.1f} s"
                    f" {count / seconds:>7,.0f}/s",
                    flush=True,
                )
            subprocess.run(
                [sys.executable, "-m", "bench.formats", "--measure", file.name], check=True
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2])
    else:
        main(*map(int, sys.argv[1:2]))
