"""What may be kept of an answer, by whom, and which answers are compressed."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from publishing.http import cache
from publishing.http.cache import CompressedTextMiddleware, PublicPageMiddleware

PUBLIC = {"public", "max-age=0", "must-revalidate"}
PRIVATE = {"private", "no-cache"}


def control(response, method="GET"):
    request = RequestFactory().generic(method, "/")
    answer = PublicPageMiddleware(lambda request: response)(request)
    assert answer is response
    return set(filter(None, answer.get("Cache-Control", "").split(", ")))


@pytest.mark.parametrize("status", [200, 301, 404])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_the_same_for_everybody_may_be_kept_and_is_asked_for_again(status, method):
    assert control(HttpResponse("x", status=status), method) == PUBLIC


@pytest.mark.parametrize("status", [302, 403, 500, 503])
def test_what_is_so_only_now_says_nothing(status):
    assert control(HttpResponse("x", status=status)) == set()


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_what_somebody_sent_says_nothing(method):
    assert control(HttpResponse("x"), method) == set()


def test_what_sets_a_cookie_is_for_one_reader():
    response = HttpResponse("x")
    response.set_cookie("a", "b")
    assert control(response) == PRIVATE


@pytest.mark.parametrize(
    ("vary", "expected"),
    [("Cookie", PRIVATE), ("Accept-Encoding, Cookie", PRIVATE), ("Accept", PUBLIC)],
)
def test_what_depends_on_a_cookie_is_for_one_reader(vary, expected):
    assert control(HttpResponse("x", headers={"Vary": vary})) == expected


def test_what_a_view_says_itself_stands():
    assert control(HttpResponse("x", headers={"Cache-Control": "no-store"})) == {"no-store"}
    assert control(HttpResponse("x", headers={"Cache-Control": "no-store", "Vary": "Cookie"})) == {
        "no-store"
    }


def compressed(response, accepted="gzip"):
    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    return CompressedTextMiddleware(lambda request: response)(request).get("Content-Encoding", "")


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-8",
        "text/css",
        "application/json",
        "application/atom+xml",
        "application/xml",
    ],
)
def test_words_leave_compressed(kind):
    assert compressed(HttpResponse("word " * 200, content_type=kind)) == "gzip"


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/epub+zip"])
def test_what_is_compressed_already_leaves_as_it_is(kind):
    assert compressed(HttpResponse("word " * 200, content_type=kind)) == ""


def test_an_answer_without_a_type_leaves_as_it_is():
    response = HttpResponse("word " * 200)
    del response["Content-Type"]
    assert compressed(response) == ""


def test_a_file_sent_piece_by_piece_leaves_as_it_is():
    assert (
        compressed(StreamingHttpResponse(iter(["word " * 200]), content_type="application/pdf"))
        == ""
    )


@pytest.mark.parametrize(
    ("control", "coding"), [(cache.PUBLIC, "br"), ("private, no-cache", "gzip"), ("", "gzip")]
)
def test_only_what_is_for_everybody_leaves_by_brotli_which_hides_no_length(control, coding):
    response = HttpResponse("word " * 200, headers={"Cache-Control": control, "ETag": '"a"'})
    assert compressed(response, "gzip, deflate, br") == coding
    assert response["ETag"] == 'W/"a"'
    assert response["Content-Length"] == str(len(response.content))
    assert response["Vary"] == "Accept-Encoding"
