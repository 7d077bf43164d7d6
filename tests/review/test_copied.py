"""A passage copied from one of her own pages into the editor."""

import pytest

from publishing.richtext import pasted, sanitise
from tests.factories import ChapterFactory, ReferenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once("about HTML")]

PARTS = {
    "citations": '<p>A <span class="cite" data-cite="a1">[a1]</span>'
    '<span class="cite" data-cite="b2" data-locator="p. 5 &quot;6&quot;">[b2]</span> b.</p>',
    "footnote": '<p>A<span class="fn">In <em>mice</em>'
    ' <span class="cite" data-cite="a1">[a1]</span>'
    '</span> b.</p>',
    "headings": '<h2>One</h2><h3>Two <a href="https://example.org/">x</a></h3><h2>Three</h2>',
    "table": "<table><caption>Of ages</caption><tbody><tr><td>1</td></tr></tbody></table>",
    "video": '<figure class="video"><a href="https://vimeo.com/12345">A film</a>'
    "<figcaption>Cap</figcaption></figure>",
    "quotation": '<blockquote lang="de"><p>Zitat</p><p class="source">Wer, 1900</p></blockquote>',
    "claim": '<div class="claim"><p>z</p><p class="source">A. Writer</p></div>',
    "note": '<div class="own"><p>mine</p></div>',
    "letter": '<div class="letter"><p class="source">From X</p><p>Dear</p></div>',
    "transcript": '<div class="transcript"><p>said</p></div>',
    "link": '<p><a href="https://example.org/a">l</a></p>',
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_it_is_what_she_wrote(name):
    ReferenceFactory(citekey="a1")
    ReferenceFactory(citekey="b2")
    chapter = ChapterFactory(body=PARTS[name])
    back = pasted.paste(chapter.body_html).html
    assert back == sanitise.clean(PARTS[name]).replace(' lang="de"', "")


def test_a_citation_of_what_the_library_lacks_comes_back_too():
    chapter = ChapterFactory(body='<p>A <span class="cite" data-cite="gone">[gone]</span></p>')
    assert 'data-cite="gone"' in pasted.paste(chapter.body_html).html
