"""A small review with everything a book has to carry."""

from PIL import Image as Pillow

from publishing import images
from publishing.models import Image, SiteSettings
from references.models import StudyFacts
from review.models import Placement
from tests.factories import ChapterFactory, PersonFactory, ReferenceFactory, cite


def picture(name="sacrum", kind="PNG", width=1200):
    drawn = Pillow.new("RGB", (width, width // 2), "white")
    drawn.format = kind
    file, width, height, widths = images.store(drawn, name=name)
    return Image.objects.create(
        file=file, width=width, height=height, widths=widths, title=name, alt="A sacrum."
    )


BODY = """
<h2>What was found</h2>
<p>A lump {one}. See <a href="/review/nerves/cluneal/">the nerve</a>,
<a href="/review/fat/">fat</a>,
<a href="/review/nerves/cluneal/#what-was-found">its part</a> and <a href="https://example.org/a?b=c&amp;d">elsewhere</a>.</p>
<figure class="figure"><img src="{src}" alt="A sacrum.">
<figcaption>Behind. <small class="credit">Drawn here.</small></figcaption></figure>
<p>A thing<span class="fn">Said aside {one}.</span> to know.</p>
<div class="claim"><p>It hurts.</p><p class="source">Herz {two}</p></div>
<div class="transcript"><p>Here you feel it.</p></div>
<blockquote lang="de"><p>Der Schmerz.</p><p class="source">Schmidt, 1953 {two}</p></blockquote>
<div class="own"><p>I had expected more.</p></div>
<div class="letter"><p class="source">By letter, 2020.</p><p>Dear doctor.</p></div>
<h2>A table</h2>
<table><caption>Numbers</caption><thead><tr><th>Who</th></tr></thead>
<tbody><tr><td>Herz {one}</td></tr></tbody></table>
<figure class="video"><a href="https://www.youtube.com/watch?v=abcdefghijk">Palpation</a></figure>
"""


def review():
    """Chapters 1 Nerves, 1.1 Cluneal (Spanish), 1.1.1 Deep, 2 Fat; two works cited, one of them
    placed."""
    ReferenceFactory(
        citekey="sutro1935", title="Nodes & <lumps>", doi="10.1000/a.b", notes="<p>Read it.</p>"
    )
    herz = ReferenceFactory(
        citekey="herz1952",
        title="Hernien",
        language="de",
        people=[PersonFactory(family="Herz")],
        pmid="77",
        sample_size=37,
    )
    shown = picture()
    SiteSettings(
        name="Back mice",
        author_name="Dr A. Nobody",
        licence="CC BY 4.0",
        disclaimer="No substitute.",
    ).save()
    StudyFacts.objects.create(reference=herz, relief="31 of 37", funding="")
    nerves = ChapterFactory(title="Nerves", summary="Of nerves.", cover=shown, evidence_table=True)
    cluneal = ChapterFactory(title="Cluneal", parent=nerves, language="es", state="construction")
    ChapterFactory(title="Deep", parent=cluneal, state="planned")
    ChapterFactory(title="Fat", body="<p>Fat.</p>")
    for chapter in (cluneal, nerves):
        chapter.body = BODY.format(
            one=cite("sutro1935"), two=cite("herz1952"), src=shown.get_absolute_url()
        )
        chapter.save()
    Placement.objects.create(chapter=nerves, reference=herz, remark="The first to count.")
    return nerves
