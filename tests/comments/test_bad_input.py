from html import unescape
from urllib.parse import quote, urlsplit

import pytest
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from comments.mailing import digest
from comments.models import Comment
from comments.text import html as text_html
from tests.factories import PostFactory, comment

from .forms import address, filled, send

pytestmark = pytest.mark.django_db

NAUGHTY = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% csrf_token %}",
    "'; DROP TABLE comments_comment; --",
    "مرحبا بالعالم \u202e abc \u202c",
    "👩🏽‍⚕️ 🏳️‍🌈 ﷽ Z̷̡̛a͜l̢g͏o",
    "javascript:alert(1) data:text/html,x",
    "ﬃ ſ K Å e\u0301",
    "\u2028\u2029\ufeff\u00ad a",
    "%00 \\x00 &#0; &lt;b&gt;",
    "line\r\nline\rline",
    "undefined null NaN None true -1 1e309 0x0 ../../etc/passwd \\\\host\\share",
    "=cmd|' /C calc'!A0 @SUM(1+1) +1 -1 %s %d {0} ${7*7} #{7*7} `id`",
    "<svg/onload=alert(1)><math><a xlink:href=javascript:alert(1)>",
    "</textarea><script>alert(1)</script><textarea> --><!-- ]]> <![CDATA[",
    "&lt;script&gt; &amp;amp; &#x3c; \\u003cscript\\u003e %3Cscript%3E",
    "https://example.org/\"onmouseover=alert(1)// http://[::1]/ http://a..b https://ex ample.org",
    "http://ａｄｍｉｎ.example/ https://xn--80ak6aa92e.example/ https://user:pass@example.org/?a=b&c=<d>",
    "> > > quoted > deeper\n>not\n>\n> <b>\n\n\n\n>>>>",
    "[@a] [@] [@<b>] [@a b] [[@a]] [url=http://a]b[/url] ![](x) **b** _i_ `c`",
    "１２３ ٣٤٥ ⅷ ² ½ İıſß ΑΑ Ω≈ç√ ˙∆˚¬ ¡™£¢∞§",
    "田中さん 社會科學院 부락토 ทดสอบ עברית नमस्ते 𠜎𠜱 ಠ_ಠ (╯°□°)╯ ┻━┻",
    "\u200e\u200f\u202a\u202b\u202d\u2066\u2067\u2068 \u180e"
    " a\u0300\u0301\u0302\u0303" + "\u0489" * 40,
    "\ud7ff\ue000\uf8ff\ufdd0\U0010ffff \U000e0001tag \ufff9",
    "a" * 5000 + " " + "W" * 5000,
    "\t\t tab \x0b \x0c \x85 \xa0 \u1680 \u2003 \u3000 end",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ ̖t̝͕̳̣̻̪͞h̼͓̲̦̳̘̲e͇̣̰̦̬͎",
]  # fmt: skip


@pytest.mark.parametrize("words", NAUGHTY)
def test_naughty_words_are_kept_as_they_are_and_shown_as_words(client, words):
    page = PostFactory()
    assert send(client, page, text=words, name=words[:80]).status_code == 302
    made = Comment.objects.get()
    assert made.text == text_html.normalise(words)
    made.status = "approved"
    made.save()
    html = client.get(address(page, made)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<svg/onload" not in html
    assert (
        text_html.normalise(_shown(made.html)) == text_html.normalise(made.text)
        or ">" in words
        or "http" in words
    )


def _shown(html):
    """The text a browser would show of a comment's HTML."""
    return unescape(strip_tags(html.replace("<br>", "\n").replace("</p><p>", "\n\n")))


@pytest.mark.parametrize("words", ["a\x00b", "a\ud800b", "a\x08\x1bb", "a\ufffeb"])
def test_what_no_database_holds_is_left_out_and_the_rest_kept(client, words):
    data = filled(PostFactory())
    page = PostFactory()
    data = filled(page, name=f"{words}!")
    body = "&".join(f"{name}={_quoted(value)}" for name, value in {**data, "text": words}.items())
    response = client.post(address(page), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    made = Comment.objects.get()
    assert made.text.replace("\ufffd", "") == "ab"
    assert made.name.replace("\ufffd", "") == "ab!"


def _quoted(value):
    return "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("words", ["\u200b\u200d", "\u00ad", "\u2060", "\x00\x00", "\u202e"])
def test_words_that_cannot_be_seen_are_no_words(client, words):
    page = PostFactory()
    assert send(client, page, text=words).status_code == 200
    assert send(client, page, name=words).status_code == 200


def test_a_text_too_long_is_told_how_long_it_is_and_kept(client, settings):
    page = PostFactory()
    settings.COMMENT_MAX_LENGTH = 100
    response = send(client, page, text="é" * 101)
    assert response.status_code == 200
    assert "This is 101 characters long; the most is 100." in response.content.decode()
    assert "é" * 101 in response.content.decode()
    assert send(client, page, text="é" * 100).status_code == 302


def test_a_name_too_long_is_refused_and_kept(client):
    page = PostFactory()
    response = send(client, page, name="n" * 81)
    assert response.status_code == 200
    assert "n" * 81 in response.content.decode()


@pytest.mark.parametrize("debug", [True, False])
def test_five_megabytes_get_a_page_that_says_what_to_do(client, settings, debug):
    settings.DEBUG = debug
    page = PostFactory()
    body = b"text=" + b"x" * 5_000_000
    response = client.generic(
        "POST", address(page), body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "Go back with your browser" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "field", ["kind", "language", "email", "captcha_0", "stamp", "subject", "consent"]
)
@pytest.mark.parametrize(
    "value",
    ["\x00", "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), "<b>", "9" * 9999, "🙂"],
)
def test_no_field_makes_an_error_page(client, field, value):
    page = PostFactory()
    assert send(client, page, **{field: value}).status_code in (200, 302)


FIELDS = [
    *(
        "name",
        "email",
        "replies",
        "role",
        "kind",
        "language",
        "text",
        "consent",
        "captcha_0",
        "captcha_1",
    ),
    *("stamp", "subject", "writer", "another", "preview"),
]


@profile(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=200)))
def test_whatever_is_sent_it_is_answered(client, db, data):
    page = PostFactory()
    sent = {
        **filled(page),
        **{name: value.encode("utf-8", "replace").decode() for name, value in data.items()},
    }
    assert client.post(address(page), sent).status_code in (200, 302)
    for made in Comment.objects.on(page):
        assert made.text == text_html.normalise(sent["text"]), "what was sent is what is kept"
        assert not (strip_tags(made.html) == "" and made.text), "and what is shown"


DESK = "/admin/comments/comment/desk/"
PRESSES = [
    "answer",
    "edit",
    "gloss",
    "redact",
    "draft",
    "snippet",
    "trust",
    "close",
    "approve",
    "nothing",
]
DESK_FIELDS = [
    *(
        "answer-text",
        "answer-language",
        "answer-token",
        "edit-name",
        "edit-kind",
        "edit-language",
        "edit-text",
    ),
    *("gloss-gloss", "gloss-gloss_language", "flag", "snippet", "trusted", "closed"),
]
ANYTHING = st.text(max_size=100).map(lambda words: words.encode("utf-8", "replace").decode())


@profile(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    do=st.sampled_from(PRESSES),
    data=st.dictionaries(st.sampled_from(DESK_FIELDS), ANYTHING),
    query=st.dictionaries(
        st.sampled_from(["queue", "language", "page", "age", "order", "at", "did"]), ANYTHING
    ),
)
def test_whatever_the_desk_is_sent_it_is_answered(author_client, do, data, query):
    made = comment(PostFactory(), status="pending", text="Dr. Smith, anna@example.org")
    nowhere = "\x00" in "".join(query.values())  # no address holds it, on the whole site
    assert author_client.get(DESK, query).status_code == (404 if nowhere else 200)
    assert author_client.post(f"{DESK}{made.pk}/", {"do": do, **data}).status_code in (
        200,
        302,
        400,
    )
    assert author_client.post(f"{DESK}undo/", {"batch": data.get("flag", "")}).status_code == 302
    assert (
        author_client.post("/admin/comments/writer/", {"email": data.get("flag", "")}).status_code
        == 200
    )


@profile(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.dictionaries(st.sampled_from(["do", "seen"]), ANYTHING), signed=ANYTHING)
def test_whatever_a_link_from_a_mail_is_sent_it_is_answered(client, db, data, signed):
    made = comment(PostFactory(), status="pending")
    right = urlsplit(digest.link(made, "approve")).path
    assert client.post(right, data).status_code == 200
    made.refresh_from_db()
    assert made.status == "pending"
    for kind in ("decide", "confirm", "unsubscribe", "mine"):
        assert client.get(f"/comments/{kind}/{quote(signed, safe='') or 'x'}/").status_code in (
            200,
            404,
        )


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_write_nothing(client, method):
    page = PostFactory()
    getattr(client, method)(address(page), filled(page))
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?page=",
        "?page=x",
        "?page=blog.post/x",
        "?page=blog.post/999&reply_to=1",
        "?page=a/b/c&published=x",
    ],
)
def test_the_thank_you_page_needs_nothing(client, query):
    assert client.get(f"/comments/sent/{query}").status_code == 200
