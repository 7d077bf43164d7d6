"""Writing in the editor, in a real browser: what is saved unchanged is unchanged, and each button
does what it says."""

import io
import re

import pytest
from django.urls import reverse
from PIL import Image as Pillow
from playwright.sync_api import expect

from blog.models import Post
from publishing import images
from publishing.models import Image
from publishing.richtext import sanitise
from references.models import Notes, StudyFacts
from review.models import Chapter
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory
from tests.made_once import sample_site

from .conftest import PATIENCE
from .waiting import box_of, holds

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = {
    "headings": '<h2 lang="fr">Un</h2><h3>Deux <em>et</em></h3><h4>Trois</h4>',
    "lists": (
        "<ul><li>a<ul><li>b</li><li>c<ol"
        ' start="3"><li>d</li></ol></li></ul></li><li><p>e</p><p>f</p></li></ul>'
    ),
    "list with more": "<ul><li>a<p>b</p></li><li><blockquote><p>c</p></blockquote></li></ul>",
    "quotation": (
        '<blockquote lang="de" dir="ltr"><p>Zitat</p><p class="source">Wer, <cite'
        ' lang="de">Was</cite> <span class="cite" data-cite="a1">[a1]</span></p></blockquote>'
    ),
    "quotation in quotation": "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
    "voices": (
        '<div class="own" lang="es" data-date="2026-05-03"><p>mío</p><ul><li>x</li></ul></div><div'
        ' class="letter" data-consent="yes"><p class="source">From X</p><p>Dear</p></div><div'
        ' class="claim"><p>z</p></div><div class="transcript"><p>said</p></div><p>A<span'
        ' class="fn">foot <em>note</em></span>.</p>'
    ),
    "figure": (
        '<figure class="figure"><img src="SRC" alt="a &quot;b&quot; &lt;c&gt; &amp;'
        ' d"><figcaption>Cap <em>x</em> <span class="cite" data-cite="a1">[a1]</span>.<small'
        ' class="credit">By <a'
        ' href="https://x.org/?a=1&amp;b=2">me</a></small></figcaption></figure>'
    ),
    "figure without words": '<figure class="figure"><img src="SRC" alt="a"></figure>',
    "figure with credit alone": (
        '<figure class="figure"><img src="SRC" alt=""><figcaption><small class="credit">By</small>'
        "</figcaption></figure>"
    ),
    "figure of two": (
        '<figure class="figure"><img src="SRC" alt="a"><img src="SRC" alt="b">'
        "<figcaption>x<br>y</figcaption></figure>"
    ),
    "figure of a table": (
        '<figure class="figure"><table><tbody><tr><td>1</td></tr></tbody></table>'
        "<figcaption>x</figcaption></figure>"
    ),
    "figure in a note": (
        '<div class="own" data-date="2026-05-03">'
        '<figure class="figure"><img src="SRC" alt="a"><figcaption>x</figcaption>'
        "</figure></div>"
    ),
    "picture in a line": '<p>see <img src="SRC" alt="a"> here</p>',
    "video": (
        '<figure class="video"><a href="https://www.youtube.com/watch?v=abcdefgh123&amp;t=1">Title'
        " &amp; more</a><figcaption>Cap <em>x</em></figcaption></figure>"
    ),
    "video with a still": (
        '<figure class="video"><img src="SRC" alt="a"><a'
        ' href="https://vimeo.com/12345">Un</a></figure>'
    ),
    "video without caption": (
        '<figure class="video"><a href="https://vimeo.com/12345" lang="es"'
        ' title="x">Un</a></figure>'
    ),
    "table": (
        '<table><caption>Cap <em>x</em></caption><thead><tr><th scope="col">a</th><th'
        ' scope="col">b</th></tr></thead><tbody><tr><th scope="row">1</th><td'
        ' colspan="2">2</td></tr><tr><td rowspan="2"></td><td>a<br>b</td></tr></tbody></table>'
    ),
    "table with blocks": (
        "<table><tbody><tr><td><p>a</p><p>b</p></td><td><ul><li>x</li></ul></td></tr></tbody></table>"
    ),
    "links": (
        '<p><a href="https://x.org/a?b=c&amp;d=e" lang="fr" title="t &quot;q&quot;">l</a> <a'
        ' href="mailto:a@b.org">m</a> <a href="tel:+34">t</a> <a'
        ' href="page:review.chapter/99999">gone</a> <a href="#part">anchor</a> <a'
        ' href="https://x.org"><em>a</em> <strong>b</strong></a></p>'
    ),
    "languages": (
        '<p lang="es">A <span lang="fr">b</span> <span lang="ar" dir="ltr">c</span> <span'
        ' dir="rtl">d</span></p><p lang="ar" dir="rtl">مرحبا <span class="cite"'
        ' data-cite="a1">[a1]</span></p>'
    ),
    "citations": (
        '<p>A <span class="cite" data-cite="a1">[a1]</span>'
        '<span class="cite" data-cite="b:2.x+y-z">[b:2.x+y-z]</span>. '
        '<span class="cite" data-cite="c" data-locator="p. 5 &amp; &quot;6&quot;">[c]</span></p>'
        '<p><span class="cite" data-cite="müller1950&amp;x">[müller1950&amp;x]</span></p>'
    ),
    "words": (
        '<p><em>e</em> <strong>s</strong> x<sub>b</sub> x<sup>p</sup> <s>x</s> <q lang="fr">q</q>'
        " <cite>c</cite> <em><strong>es</strong></em><em>a</em><em>b</em></p>"
    ),
    "lines": "<p>one<br>two<br><br>three</p><hr>",
    "characters": (
        "<p>a &amp; b &lt;script&gt; c \"q\" 's' é ñ — … “x” ½ 中 🙂 5&nbsp;mm a\u00adb {{ x }}</p>"
    ),
}


@pytest.fixture
def desk(page, live_server, client, author):
    client.force_login(author)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return Desk(page)


class Desk:
    """The author at her desk."""

    def __init__(self, page):
        self.page = page

    def open(self, obj, field="body"):
        label = f"{obj._meta.app_label}_{obj._meta.model_name}"
        self.page.goto(reverse(f"admin:{label}_change", args=[obj.pk]))
        self.text = self.page.frame_locator(f"#cke_id_{field} iframe.cke_wysiwyg_frame").locator(
            "body[contenteditable=true]"
        )
        self.text.wait_for()
        return self

    def save(self, obj):
        before = self.page.url
        self.page.locator("[name=_save]").first.click()
        self.page.wait_for_url(lambda url: url != before)
        obj = type(obj).objects.get(pk=obj.pk)
        return obj

    def at_the_end(self):
        self.text.click()
        self.page.keyboard.press("Control+End")

    def type(self, words):
        self.at_the_end()
        self.page.keyboard.type(words)

    def press(self, button):
        self.page.locator(f".cke_button__{button}").click()

    def open_dialog(self, button):
        self.press(button)
        self.dialog_is_set_up()

    def dialog_is_set_up(self):
        """A dialog is seen a moment before it is set up, which ends with its first field having the
        focus."""
        self.page.locator(".cke_dialog_body :focus").wait_for()

    def ok(self):
        self.page.locator(".cke_dialog_ui_button_ok:visible").click()

    def select(self, words):
        """Select the first place where these words stand."""
        self.text.evaluate(
            """(body, words) => {
              const walk = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
              while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf(words);
                if (at < 0) continue;
                const range = body.ownerDocument.createRange();
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + words.length);
                const selection = body.ownerDocument.getSelection();
                body.focus();
                selection.removeAllRanges();
                selection.addRange(range);
                return;
              }
            }""",
            words,
        )
        self.settle()

    def settle(self):
        """The buttons follow the selection at once, not a moment later."""
        self.page.evaluate(
            "Object.values(CKEDITOR.instances).forEach(each => each.selectionChange(true))"
        )

    def paste(self, html):
        self.at_the_end()
        self.page.evaluate("""() => {
              window.pasted = new Promise(done =>
                Object.values(CKEDITOR.instances).forEach(
                    each => each.once("afterPaste", () => done(true))));
            }""")
        self.text.evaluate(
            """(body, html) => {
              const view = body.ownerDocument.defaultView;
              const data = new view.DataTransfer();
              data.setData("text/html", html);
              data.setData("text/plain", "plain");
              body.dispatchEvent(new view.ClipboardEvent(
                "paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }""",
            html,
        )
        self.page.evaluate("window.pasted")


def picture(color="white"):
    out = io.BytesIO()
    Pillow.new("RGB", (600, 400), color).save(out, "PNG")
    return out.getvalue()


def stored_picture():
    file_name, width, height, widths = images.store(Pillow.new("RGB", (600, 400), "white"))
    return Image.objects.create(
        file=file_name, width=width, height=height, widths=widths, title="Sacrum", alt="A sacrum"
    )


def test_every_kind_of_thing_saved_unchanged_is_unchanged(desk):
    """All in one page, after each other; a line of its own names the kind."""
    source = stored_picture().get_absolute_url()
    body = sanitise.clean(
        "".join(f"<h2>{name}</h2>{html.replace('SRC', source)}" for name, html in KINDS.items())
    )
    chapter = ChapterFactory(body=body)
    assert parts(desk.open(chapter).save(chapter).body) == parts(body)


def test_every_sample_page_saved_unchanged_is_unchanged(desk):
    desk.page.set_default_timeout(2 * PATIENCE)  # it is a very long page
    sample_site()
    pages = [
        *Chapter.objects.exclude(body=""),
        *Post.objects.all(),
        *Notes.objects.exclude(body=""),
    ]
    assert len(pages) > 20
    body = sanitise.clean("".join(f"<h2>{page.pk}</h2>{page.body}" for page in pages))
    everything = ChapterFactory(title="Everything", body=body)
    assert parts(desk.open(everything).save(everything).body) == parts(body)
    for page in (pages[0], pages[-1]):
        after = desk.open(page).save(page)
        assert (after.body, after.updated) == (page.body, page.updated), page


def parts(body):
    return body.split("<h2>")


def test_articles_are_cited_by_keyboard_alone(desk):
    for number, family in enumerate(("Copeman", "Ackerman", "Copland"), 1):
        ReferenceFactory(
            citekey=f"{family.lower()}1944",
            people=[PersonFactory(family=family)],
            year=1940 + number,
        )
    chapter = ChapterFactory(body="<p>Nodules hurt</p>")
    desk.open(chapter).at_the_end()
    keyboard = desk.page.keyboard
    keyboard.press("Control+Alt+c")
    desk.dialog_is_set_up()
    desk.page.get_by_label("Author, year, words of the title, or citekey").fill("cop")
    desk.page.locator(".review-list label", has_text="Copland").wait_for()
    desk.page.locator(".review-list label", has_text="Ackerman").wait_for(state="detached")
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    desk.page.get_by_text("To be cited: Copeman 1941; Copland 1943").wait_for()
    keyboard.press("Enter")
    desk.text.get_by_text("[Copeman 1941]").wait_for()
    body = desk.save(chapter).body
    assert (
        body == '<p>Nodules hurt <span class="cite" data-cite="copeman1944">[copeman1944]</span>'
        '<span class="cite" data-cite="copland1944">[copland1944]</span></p>'
    )


def test_a_citation_gets_its_place_in_the_article_later(desk):
    ReferenceFactory(citekey="sutro1935", people=[PersonFactory(family="Sutro")])
    chapter = ChapterFactory(
        body='<p>Words <span class="cite" data-cite="sutro1935">[sutro1935]</span>.</p>'
    )
    desk.open(chapter).text.get_by_text("[Sutro 1935]").dblclick()
    desk.dialog_is_set_up()
    desk.page.get_by_label("Place in the article").fill("p. 835")
    desk.ok()
    desk.text.get_by_text("[Sutro 1935, p. 835]").wait_for()
    assert (
        'data-cite="sutro1935" data-locator="p. 835">[sutro1935]</span>.' in desk.save(chapter).body
    )


def test_a_figure_is_uploaded_described_and_captioned(desk):
    chapter = ChapterFactory(body="<p>Text before.</p>")
    desk.open(chapter).at_the_end()
    desk.open_dialog("reviewfigure")
    desk.page.locator(".review-upload input").set_input_files(
        {"name": "fascia.png", "mimeType": "image/png", "buffer": picture()}
    )
    desk.page.get_by_text("The picture is here.").wait_for()
    desk.ok()
    desk.page.get_by_text("Describe in a sentence what one sees.").wait_for()
    desk.page.get_by_label("Description, for readers who cannot see").fill("Fat below the\nfascia")
    desk.ok()
    desk.text.locator("figcaption").click()
    desk.page.keyboard.type("Fat in section.")
    desk.text.locator("figure .credit").click()
    desk.page.keyboard.type("Drawn here")
    image = Image.objects.get()
    assert image.title == "fascia"
    assert (
        desk.save(chapter).body
        == f'<p>Text before.</p>\n<figure class="figure"><img src="{image.get_absolute_url()}"'
        ' alt="Fat below the fascia"><figcaption>Fat in section.<small class="credit">Drawn'
        " here</small></figcaption></figure>"
    )


def test_a_figure_there_is_is_found_and_put_in(desk):
    stored_picture()
    chapter = ChapterFactory(body="<p>Text</p>")
    desk.open(chapter).at_the_end()
    desk.open_dialog("reviewfigure")
    desk.page.get_by_label("Or find one that is here already").fill("sac")
    desk.page.locator(".review-figures label", has_text="Sacrum").click()
    desk.ok()
    desk.text.locator("figure img").wait_for()
    assert 'alt="A sacrum"></figure>' in desk.save(chapter).body


def test_a_refused_upload_says_why_in_the_dialog(desk, problems):
    desk.open(ChapterFactory(body="<p>Text</p>")).at_the_end()
    desk.open_dialog("reviewfigure")
    desk.page.locator(".review-upload input").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    desk.page.get_by_text("This is an SVG or web page, which can carry programs.").wait_for()
    assert not Image.objects.exists()
    problems.clear()  # the browser notes the refusal on its console


def test_what_comes_from_word_is_pasted_clean(desk):
    chapter = ChapterFactory(body="<p>Before.</p>")
    desk.open(chapter).paste(
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name="Generator"'
        ' content="Microsoft Word 15"><style>p.MsoNormal {margin:0cm;'
        " font-family:Calibri}</style></head><body><!--StartFragment--><h1"
        ' style="mso-outline:x">Results</h1><p class="MsoNormal"'
        ' style="margin-left:3cm;font-family:Calibri"><b style="mso-bidi:x">Twelve</b>'
        ' <i>patients</i> <span style="color:red">were seen</span>.<o:p></o:p></p><p'
        ' class="MsoNormal">&nbsp;</p><table border=1 class=MsoTableGrid'
        " style='border-collapse:collapse'><tr><td width=200 style='x:y'><p"
        " class=MsoNormal>a</p></td></tr></table><!--EndFragment--></body></html>"
    )
    assert (
        desk.save(chapter).body
        == "<p>Before.</p>\n<h2>Results</h2>\n<p><strong>Twelve</strong> <em>patients</em> were"
        " seen.</p>\n<table><tbody><tr><td>a</td></tr></tbody></table>"
    )


def test_what_comes_from_a_web_page_is_pasted_clean(desk):
    chapter = ChapterFactory(body="<p>Before.</p>")
    desk.open(chapter).paste(
        '<div class="card" onclick="x()"><h1 style="color:red">Head</h1><div><p>One '
        '<a href="https://example.org/x" target="_blank" '
        'onclick="y()">link</a> <img src="https://example.org/pixel.png" alt="spy"> two</p></div>'
        "<script>alert(1)</script><ul><li>item</li></ul></div>"
    )
    desk.page.get_by_text("1 picture was not pasted. Add it with “Figure”. spy").wait_for()
    assert (
        desk.save(chapter).body
        == '<p>Before.</p>\n<h2>Head</h2>\n<p>One <a href="https://example.org/x">link</a>'
        " two</p>\n<ul><li>item</li></ul>"
    )


def test_a_link_to_a_page_is_found_by_its_words_and_survives_a_new_address(desk):
    target = ChapterFactory(title="Cluneal nerves", slug="cluneal")
    PostFactory(title="Another thing")
    chapter = ChapterFactory(title="Linking", body="<p>See the nerves there</p>")
    desk.open(chapter).select("the nerves")
    desk.open_dialog("link")
    desk.page.get_by_label("Find a page of this site").fill("cluneal")
    desk.page.locator(".review-page", has_text="Cluneal nerves").click()
    desk.ok()
    assert (
        desk.save(chapter).body
        == f'<p>See <a href="page:review.chapter/{target.pk}">the nerves</a> there</p>'
    )
    target.slug = "nerves-of-the-buttock"
    target.save()
    chapter.refresh_from_db()
    assert '<a href="/review/nerves-of-the-buttock/">the nerves</a>' in chapter.body_html
    desk.open(chapter)
    expect(desk.text.locator("a")).to_have_attribute("href", "/review/nerves-of-the-buttock/")
    assert f'href="page:review.chapter/{target.pk}"' in desk.save(chapter).body


def test_a_video_is_taken_from_two_houses_only(desk):
    chapter = ChapterFactory(body="<p>Text</p>")
    desk.open(chapter).at_the_end()
    desk.open_dialog("reviewvideo")
    said = []
    desk.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.accept()))
    desk.page.get_by_label("Address of the video").fill("https://videos.example/1")
    desk.page.get_by_label("Title", exact=True).last.fill("An operation")
    with desk.page.expect_event("dialog"):
        desk.ok()
    assert "Only videos at YouTube or Vimeo" in said[0]
    desk.page.get_by_label("Address of the video").fill("youtu.be/abcdefgh123")
    desk.ok()
    desk.text.locator("figure.video figcaption").click()
    desk.page.keyboard.type("Seen from behind")
    assert (
        desk.save(chapter).body
        == '<p>Text</p>\n<figure class="video"><a href="https://youtu.be/abcdefgh123">An'
        " operation</a>"
        "<figcaption>Seen from behind</figcaption></figure>"
    )


def test_a_picture_of_the_evidence_is_chosen_and_chosen_anew(desk):
    StudyFacts.objects.create(
        reference=ReferenceFactory(study_design="case series"), relief="3 of 4"
    )
    chapter = ChapterFactory(body="<p>Text</p>")
    desk.open(chapter).at_the_end()
    desk.open_dialog("reviewpicture")
    desk.page.get_by_label("Picture", exact=True).select_option("When it was studied")
    desk.ok()
    desk.text.locator("figure.plot figcaption").click()
    desk.page.keyboard.type("Since 1930")
    desk.text.locator("figure.plot > a").dblclick()
    desk.page.get_by_label("Studies of this design").select_option("Case series")
    expect(desk.page.get_by_label("Picture", exact=True)).to_have_value("years")
    desk.ok()
    address = "/references/evidence/pictures/?design=case+series#years"
    expect(desk.text.locator("figure.plot > a")).to_have_attribute("href", address)
    saved = desk.save(chapter)
    assert saved.body == (
        f'<p>Text</p>\n<figure class="plot"><a href="{address}">When it was studied</a>'
        "<figcaption>Since 1930</figcaption></figure>"
    )
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in saved.body_html


def test_her_own_voice_is_set_apart_and_taken_back(desk):
    chapter = ChapterFactory(body="<p>First.</p><p>I doubt it.</p><p>Last.</p>")
    desk.open(chapter).select("I doubt it.")
    desk.press("reviewown")
    own = desk.save(chapter)
    assert re.fullmatch(
        r'<p>First.</p>\n<div class="own"[^>]*><p>I doubt it.</p></div>\n<p>Last.</p>', own.body
    )
    desk.open(own).select("I doubt it.")
    desk.press("reviewown")
    assert desk.save(chapter).body == "<p>First.</p>\n<p>I doubt it.</p>\n<p>Last.</p>"


def test_every_voice_is_named_while_it_is_written(desk):
    letter = "<p class='source'>By letter, 2020</p><p>Dear doctor.</p></div>"
    chapter = ChapterFactory(
        state="draft",
        body=(
            "<div class='own' data-date='2026-05-03'><p>I doubt it.</p></div><div"
            f" class='letter'>{letter}<div class='letter' data-consent='Agreed by letter.'>{letter}"
        ),
    )
    # The style sheet of the frame may come after the text.
    frame = desk.open(chapter).text.element_handle().owner_frame()
    is_written = """([selector, part, wanted]) => JSON.stringify(wanted) === JSON.stringify(
      [...document.querySelectorAll(selector)].map(each => getComputedStyle(each, part).content))"""
    named = ['"Personal note, 2026-05-03"', *['"Private correspondence"'] * 2]
    holds(frame, is_written, [".own, .letter", "::before", named])
    kept = ['"No consent is recorded for this letter"', '"Published with consent, as recorded"']
    holds(frame, is_written, [".letter", "::after", kept])
    desk.save(chapter)
    assert "consent is recorded" not in chapter.body


def test_a_quotation_says_who_and_where(desk):
    chapter = ChapterFactory(body="<p>Words quoted.</p><p>Sutro, 1935</p><p>After.</p>")
    desk.open(chapter).text.evaluate("""body => {
          const range = body.ownerDocument.createRange();
          range.setStart(body.querySelector("p"), 0);
          range.setEnd(body.querySelectorAll("p")[1], 1);
          body.focus();
          const selection = body.ownerDocument.getSelection();
          selection.removeAllRanges();
          selection.addRange(range);
        }""")
    desk.settle()
    desk.press("blockquote")
    desk.settle()
    desk.press("reviewsource")
    assert (
        desk.save(chapter).body == '<blockquote><p>Words quoted.</p><p class="source">Sutro,'
        " 1935</p></blockquote>\n<p>After.</p>"
    )


def test_words_in_another_language_are_marked(desk):
    chapter = ChapterFactory(body="<p>He wrote cellulite again</p>")
    desk.open(chapter).select("cellulite")
    desk.press("language")
    desk.page.frame_locator("iframe.cke_panel_frame").get_by_text("Français").click()
    assert desk.save(chapter).body == '<p>He wrote <span lang="fr">cellulite</span> again</p>'


@pytest.mark.parametrize(("prefix", "word"), [("/es", "Citar"), ("/ca", "Figura")])
def test_the_buttons_speak_her_language(desk, prefix, word):
    desk.page.goto(prefix + reverse("admin:review_chapter_add"))
    desk.page.locator(".cke_button_label", has_text=word).first.wait_for()


def test_a_picture_pasted_alone_becomes_a_figure(desk):
    chapter = ChapterFactory(body="<p>Text</p>")
    desk.open(chapter).at_the_end()
    desk.text.evaluate(
        """(body, bytes) => {
          const view = body.ownerDocument.defaultView;
          const data = new view.DataTransfer();
          data.items.add(
            new view.File([new Uint8Array(bytes)], "left-side.png", {type: "image/png"}));
          body.dispatchEvent(new view.ClipboardEvent(
                "paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        list(picture()),
    )
    desk.text.locator("figure img").wait_for()
    assert f'<img src="{Image.objects.get().get_absolute_url()}" alt="">' in desk.save(chapter).body


def goes_on(desk, obj, words="and on"):
    """What is typed next, with no click between; gives the text as it is saved."""
    desk.page.locator(".cke_dialog_body:visible").wait_for(state="detached")
    desk.page.keyboard.type(words)
    return desk.save(obj).body


def test_after_a_citation_typing_goes_on_behind_it_even_in_a_heading(desk):
    ReferenceFactory(citekey="sutro1935", people=[PersonFactory(family="Sutro")])
    cite = '<span class="cite" data-cite="sutro1935">[sutro1935]</span>'
    for body, words, after in (
        ("<p>Nodules hurt</p>", "hurt", f"<p>Nodules hurt {cite}. More</p>"),
        (
            "<h2>Nodules here</h2><p>x</p>",
            "Nodules",
            f"<h2>Nodules {cite}. More here</h2>\n<p>x</p>",
        ),
        ("<h2>Nodules</h2><p>x</p>", "Nodules", f"<h2>Nodules {cite}. More</h2>\n<p>x</p>"),
    ):
        chapter = ChapterFactory(body=body)
        desk.open(chapter).select(words)
        desk.page.keyboard.press("ArrowRight")
        desk.open_dialog("reviewcite")
        desk.page.locator(".review-list label", has_text="Sutro").click()
        desk.ok()
        desk.text.get_by_text("[Sutro").wait_for()
        assert goes_on(desk, chapter, ". More") == after


def test_after_a_figure_typing_goes_on_in_a_paragraph_behind_it(desk):
    stored_picture()
    chapter = ChapterFactory(body="<p>Text</p><p>Last</p>")
    desk.open(chapter).select("Text")
    desk.page.keyboard.press("ArrowRight")
    desk.open_dialog("reviewfigure")
    desk.page.locator(".review-figures label", has_text="Sacrum").click()
    desk.ok()
    desk.text.locator("figure img").wait_for()
    body = goes_on(desk, chapter)
    assert re.fullmatch(r"<p>Text</p>\n<figure.*</figure>\n<p>and on</p>\n<p>Last</p>", body), body


def test_after_a_video_typing_goes_on_in_a_paragraph_behind_it(desk):
    chapter = ChapterFactory(body="<p>Text</p>")
    desk.open(chapter).at_the_end()
    desk.open_dialog("reviewvideo")
    desk.page.get_by_label("Address of the video").fill("https://youtu.be/abcdefgh123")
    desk.page.get_by_label("Title", exact=True).last.fill("An operation")
    desk.ok()
    desk.text.locator("figure.video").wait_for()
    assert goes_on(desk, chapter).endswith("</figure>\n<p>and on</p>")


def test_after_a_link_typing_goes_on_behind_it(desk):
    there = ChapterFactory(title="Fat and fascia", slug="fat")
    chapter = ChapterFactory(title="Here", slug="here", body="<p>See on</p>")
    link = f'<a href="page:review.chapter/{there.pk}">'
    for caret, after in (
        (True, f"<p>See{link}Fat and fascia</a> and on on</p>"),
        (False, f"<p>{link}See</a> and on on</p>"),
    ):
        chapter = ChapterFactory(body="<p>See on</p>")
        desk.open(chapter).select("See")
        if caret:
            desk.page.keyboard.press("ArrowRight")
        desk.open_dialog("link")
        desk.page.get_by_label("Find a page of this site").fill("fascia")
        desk.page.locator(".review-page").first.click()
        desk.ok()
        assert goes_on(desk, chapter, " and on") == after


def test_enter_in_an_empty_line_leaves_a_voice_at_the_end_of_the_text(desk):
    chapter = ChapterFactory(body='<div class="claim"><p>They say so.</p></div>')
    desk.open(chapter).at_the_end()
    keys = desk.page.keyboard
    keys.press("Enter")
    keys.type("And more.")
    keys.press("Enter")
    keys.press("Enter")
    body = goes_on(desk, chapter, "I doubt it.")
    assert body == (
        '<div class="claim"><p>They say so.</p><p>And more.</p></div>\n<p>I doubt it.</p>'
    )


def test_keys_do_once_what_they_mean(desk):
    chapter = ChapterFactory(body="<p>First.</p>")
    desk.open(chapter).at_the_end()
    keys = desk.page.keyboard
    keys.press("Enter")
    keys.type("Second")
    keys.press("Control+b")
    keys.type("bold")
    assert desk.save(chapter).body == "<p>First.</p>\n<p>Second<strong>bold</strong></p>"


def test_a_footnote_asks_for_its_words_and_typing_goes_on_behind_it(desk):
    for body, after in (
        ("<p>It is so</p>", '<p>It is so<span class="fn">In mice</span>. More</p>'),
        ("<p>It is so, yes</p>", '<p>It is so<span class="fn">In mice</span>. More, yes</p>'),
    ):
        chapter = ChapterFactory(body=body)
        desk.open(chapter).select("is so")
        desk.page.keyboard.press("ArrowRight")
        desk.open_dialog("reviewnote")
        desk.ok()
        desk.page.get_by_text("Write the words of the note first.").wait_for()
        desk.page.get_by_label("Words of the note").fill("In mice")
        desk.ok()
        desk.text.get_by_text("In mice").wait_for()
        assert goes_on(desk, chapter, ". More") == after


def test_words_made_a_footnote_stay_when_typing_goes_on(desk):
    chapter = ChapterFactory(body="<p>It is so in mice</p>")
    desk.open(chapter).select("in mice")
    desk.press("reviewnote")
    assert goes_on(desk, chapter, ".") == '<p>It is so <span class="fn">in mice</span>.</p>'


def test_after_a_voice_typing_goes_on_behind_it(desk):
    chapter = ChapterFactory(body="<p>First.</p><p>They say so.</p>")
    desk.open(chapter).select("They say so.")
    desk.press("reviewclaim")
    body = goes_on(desk, chapter)
    assert body == '<p>First.</p>\n<div class="claim"><p>They say so.</p></div>\n<p>and on</p>'


def test_attribution_of_a_quotation_of_one_paragraph_swallows_nothing(desk):
    chapter = ChapterFactory(body="<blockquote><p>Words quoted.</p></blockquote><p>After.</p>")
    desk.open(chapter).select("Words quoted.")
    desk.press("reviewsource")
    body = goes_on(desk, chapter, "A. Writer, 2016")
    assert (
        body == '<blockquote><p>Words quoted.</p><p class="source">A. Writer,'
        " 2016</p></blockquote>\n<p>After.</p>"
    )


def test_a_line_behind_a_quotation_that_tells_who_offers_itself(desk):
    chapter = ChapterFactory(body="<p>Words quoted.</p><p>By A. Writer, 2016</p><p>After.</p>")
    desk.open(chapter).select("Words quoted.")
    desk.press("blockquote")
    desk.page.get_by_text("“By A. Writer, 2016” reads like who said it").wait_for()
    desk.settle()
    desk.press("reviewsource")
    assert (
        desk.save(chapter).body == '<blockquote><p>Words quoted.</p><p class="source">By A. Writer,'
        " 2016</p></blockquote>\n<p>After.</p>"
    )


def test_a_selected_quotation_becomes_a_letter_with_every_paragraph(desk):
    chapter = ChapterFactory(
        state="draft", body="<blockquote><p>Dear doctor.</p><p>It hurts.</p></blockquote>"
    )
    desk.open(chapter).text.evaluate("""body => {
          const [first, last] = body.querySelectorAll("p");
          const range = body.ownerDocument.createRange();
          range.setStart(first.firstChild, 0);
          range.setEnd(last.firstChild, last.firstChild.data.length);
          body.focus();
          const selection = body.ownerDocument.getSelection();
          selection.removeAllRanges();
          selection.addRange(range);
        }""")
    desk.settle()
    desk.press("reviewletter")
    assert (
        desk.save(chapter).body == '<div class="letter"><p>Dear doctor.</p><p>It hurts.</p></div>'
    )


def test_a_word_is_no_address_and_the_finder_comes_first(desk):
    target = ChapterFactory(title="Cluneal nerves", slug="cluneal")
    chapter = ChapterFactory(title="Linking", body="<p>See the nerves there</p>")
    desk.open(chapter).select("the nerves")
    desk.open_dialog("link")
    desk.page.keyboard.type(str(target.number))
    desk.page.locator(".review-page", has_text="Cluneal nerves").wait_for()
    desk.ok()
    desk.page.get_by_text("Choose a page above, or write an address below.").wait_for()
    desk.page.get_by_label("URL").fill("ilioing")
    with desk.page.expect_event("dialog") as said:
        desk.page.once("dialog", lambda dialog: dialog.accept())
        desk.ok()
    assert "This is no address." in said.value.message
    desk.page.get_by_label("Find a page of this site").fill("cluneal")
    desk.page.locator(".review-page", has_text="Cluneal nerves").wait_for()
    desk.page.keyboard.press("Enter")
    desk.ok()
    body = desk.save(chapter).body
    assert body == f'<p>See <a href="page:review.chapter/{target.pk}">the nerves</a> there</p>'


def test_what_cannot_be_cleaned_is_pasted_as_plain_text(desk, problems):
    chapter = ChapterFactory(body="<p>Before.</p>")
    desk.open(chapter)
    desk.page.route("**/paste/", lambda route: route.abort())
    desk.paste("<h2>Rich</h2><script>x()</script>")
    desk.page.get_by_text("Pasted as plain text.").wait_for()
    assert desk.save(chapter).body == "<p>Before.plain</p>"
    problems.clear()  # the browser notes the broken request on its console


def test_a_passage_copied_from_her_own_page_comes_back_whole(desk):
    ReferenceFactory(citekey="sutro1935", people=[PersonFactory(family="Sutro")])
    body = (
        '<h2>Nodes</h2>\n<p>They hurt <span class="cite" data-cite="sutro1935" '
        'data-locator="p. 8">[sutro1935]</span><span class="fn">In mice</span>.</p>\n'
        f'<figure class="figure"><img src="{stored_picture().get_absolute_url()}" alt="a">'
        '<figcaption>Cap<small class="credit">By me</small></figcaption></figure>\n<p>End.</p>'
    )
    source, chapter = ChapterFactory(body=body), ChapterFactory(body="")
    desk.page.goto(source.get_absolute_url())
    copied = desk.page.evaluate("""() => new Promise(done => {
          document.addEventListener("copy", event => setTimeout(() => done(true)), {once: true});
          getSelection().selectAllChildren(document.querySelector(".prose"));
          document.execCommand("copy");
        }).then(() => {
          const box = document.createElement("div");
          box.append(getSelection().getRangeAt(0).cloneContents());
          return box.innerHTML;
        })""")
    desk.open(chapter).paste(copied)
    assert desk.save(chapter).body == body


def test_the_text_is_on_the_first_screen_and_the_settings_fold(desk):
    desk.page.set_viewport_size({"width": 1280, "height": 720})
    desk.open(ChapterFactory(body="<p>Words</p>"))
    desk.page.locator("html[data-editing=ready]").wait_for()
    text, state = box_of(desk.page.locator(".cke_contents")), desk.page.locator("#id_state")
    assert box_of(desk.page.locator("#id_title"))["y"] > 0
    assert text["y"] < 420
    assert box_of(state)["x"] > text["x"] + text["width"]
    desk.page.get_by_text("Settings", exact=True).click()
    state.wait_for(state="hidden")


SIDEWAYS = """() => [...document.querySelectorAll(".cke_dialog_body *")].filter((each) => {
  const over = each.scrollWidth - each.clientWidth;
  const scrolls = /auto|scroll/.test(getComputedStyle(each).overflowX);
  return each.clientWidth > 60 && over > (scrolls ? 0 : 1) && each.matches("div, table");
}).map((each) => each.className)"""


def test_no_dialog_of_the_editor_scrolls_sideways_on_a_laptop(page, desk):
    page.set_viewport_size({"width": 1366, "height": 768})
    for number in range(8):
        ReferenceFactory(citekey=f"fat{number}", title="Fat over the sacrum " * 6)
    desk.open(PostFactory(body="<p>One.</p>"))
    for button in (
        "reviewcite",
        "reviewnote",
        "reviewfigure",
        "reviewvideo",
        "reviewpicture",
        "link",
    ):
        desk.open_dialog(button)
        if button == "reviewcite":
            page.keyboard.type("sacrum")
            page.locator(".review-list label").nth(7).wait_for()
        assert page.evaluate(SIDEWAYS) == [], button
        page.locator(".cke_dialog_ui_button_cancel:visible").click()
        page.locator(".cke_dialog_body:visible").wait_for(state="hidden")
