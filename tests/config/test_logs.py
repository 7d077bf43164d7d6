"""What is written down: enough to mend the site, and nothing of the people who use it."""

import io
import json
import logging
import re
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core.signing import Signer
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from config import logs
from config.accesslog import AccessLogger
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[logs.PlainFormatter, logs.JSONFormatter])
def formatter(request):
    return request.param()


@pytest.fixture
def written(formatter):
    """What goes to the journal, as lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: stream.getvalue()
    root.removeHandler(handler)
    root.setLevel(before)


def broken(monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("blog.models.Post.objects.published", fail)


@pytest.fixture
def asking(client):
    client.raise_request_exception = False
    return client


def test_a_mistake_of_ours_is_traced_without_what_somebody_wrote(asking, written, monkeypatch):
    words = "cannot read 'my pain since June' of jo@example.org at 203.0.113.9 or 2001:db8::1:7"
    broken(monkeypatch, ValueError(words))
    response = asking.get("/blog/?q=my+pain", headers={"x-request-id": "from-the-proxy_1"})
    assert response.status_code == 500
    assert response["X-Request-ID"] == "from-the-proxy_1"
    text = written()
    assert "ValueError: cannot read … of [mailbox] at [address] or [address]" in text
    assert "in index" in text or "views.py" in text
    assert "from-the-proxy_1" in text
    for secret in ("pain", "jo@", "203.0", "2001:db8"):
        assert secret not in text


def test_what_a_database_says_of_a_row_is_not_written_down(written):
    twice = [Tag(name="somebodys-name", slug=slug) for slug in "ab"]
    try:
        with transaction.atomic():
            Tag.objects.bulk_create(twice)
    except IntegrityError as error:
        logging.getLogger("config").exception("It failed: %s", error)
    assert "IntegrityError" in written()
    assert "somebodys-name" not in written()


def test_keys_of_commenters_are_cut_wherever_they_stand(written):
    key = Signer(salt="x").sign("17")
    client = Client(enforce_csrf_checks=True)
    for door in ("mine", "confirm", "unsubscribe", "decide"):
        client.post(f"/comments/{door}/{key}/", {"text": "x"})
        client.get(f"/ca/comments/{door}/{key}/?a=b")
        logging.getLogger("x").error(
            "GET /comments/%s/%s/ failed: /%s/%s/?x=1", door, key, door, key
        )
    text = written()
    assert "/comments/mine/…" in text
    assert key not in text
    assert key.split(":")[1] not in text


def test_a_form_that_is_refused_is_one_line_that_says_where(written, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    client = Client(enforce_csrf_checks=True)
    post = PostFactory()
    client.post(f"/comments/new/blog.post/{post.pk}/", {str(n): "my words" for n in range(9)})
    client.post(f"/comments/new/blog.post/{post.pk}/", {"text": "my words"})
    lines = [line for line in written().splitlines() if line]
    assert len(lines) == 2, lines
    assert all(f"/comments/new/blog.post/{post.pk}/" in line for line in lines)
    assert "Traceback" not in written()
    assert "my words" not in written()


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "evil\nid-of-it", "<script>x</script>"])
def test_an_id_from_outside_that_is_none_is_replaced(asking, given):
    response = asking.get("/nowhere/", HTTP_X_REQUEST_ID=given)
    assert re.fullmatch("[0-9a-f]{16}", response["X-Request-ID"])


def test_what_is_written_down_last_carries_the_id_too(asking, written):
    asking.get("/nowhere/?q=words", headers={"x-request-id": "from-the-proxy_2"})
    (line,) = written().splitlines()
    assert "Not Found: /nowhere/" in line
    assert "from-the-proxy_2" in line
    assert "words" not in line


def test_a_page_that_is_well_carries_no_id(client):
    assert "X-Request-ID" not in client.get("/")


@pytest.mark.again
def test_a_slow_question_is_named_without_what_was_asked_for(client, written, settings):
    settings.SLOW_QUERY_MS = 0
    client.get("/search/?q=somebodyswords")
    line = next(line for line in written().splitlines() if "indexentry" in line)
    assert re.search(r"\d+ ms at publishing/search/\w+\.py:\d+ \w+", line)
    assert "somebodyswords" not in written()


def test_outside_of_a_request_no_question_is_timed(written, settings):
    settings.SLOW_QUERY_MS = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert written() == ""


@pytest.mark.once
def test_json_is_an_object_a_line():
    record = logging.LogRecord("a.b", logging.ERROR, __file__, 1, "It %s", ("failed",), None)
    record.email = "jo@example.org"
    line = json.loads(logs.JSONFormatter().format(record))
    assert (line["message"], line["level"], line["name"], line["request_id"]) == (
        "It failed", "ERROR", "a.b", "-",
    )  # fmt: skip
    assert "email" not in line


@pytest.mark.once
def test_a_chain_of_errors_is_told_whole():
    words = " ".join(("her", "words"))
    try:
        try:
            {}[words]
        except KeyError as first:
            raise ValueError(f"x = '{words}'") from first
    except ValueError as error:
        text = logs.explained(error)
    assert (
        text.index("KeyError: …") < text.index("which came of") < text.rindex("ValueError: x = …")
    )
    assert "her words" not in text


@pytest.mark.once
def test_the_servers_own_log_of_requests_names_nobody():
    environ = {
        "REQUEST_METHOD": "GET",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "RAW_URI": "/comments/mine/17:abc/?q=pain",
        "REMOTE_ADDR": "203.0.113.9",
    }
    configuration = type("C", (), {"errorlog": "-", "loglevel": "error", "accesslog": None,
        "capture_output": False, "logconfig": None, "logconfig_dict": {}, "logconfig_json": None,
        "syslog": False, "disable_redirect_access_to_syslog": False})()  # fmt: skip
    logger = AccessLogger(configuration)
    request = type("R", (), {"headers": [("REFERER", "/comments/mine/17:abc/")]})()
    answer = type("A", (), {"status": "200 OK", "sent": 5, "headers": []})()
    took = timedelta(milliseconds=3)
    atoms = logger.atoms(answer, request, environ, took)
    scope = {}
    exec((site.BASE_DIR / "deploy/gunicorn.conf.py").read_text(), scope)
    line = scope["access_log_format"] % logger.atoms_wrapper_class(atoms)
    assert "/comments/mine/…" in line
    for secret in ("17:abc", "pain", "203.0"):
        assert secret not in line


def test_what_the_database_was_asked_is_kept_for_who_wants_to_see_it_alone(settings):
    settings.DEBUG = True
    connection.queries_log.clear()
    Tag.objects.exists()
    assert not connection.queries
    with CaptureQueriesContext(connection) as asked:
        Tag.objects.exists()
    assert "taggit_tag" in asked[0]["sql"]
