"""What other sites may do with answers of ours, and what is served at all."""

import gzip
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find, get_finders

from publishing.http.files import StaticFilesMiddleware
from publishing.http.isolation import of_static_files


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "policy", "embedder"),
    [
        ("/", "same-origin", None),
        ("/comments/mine/", "same-origin", "require-corp"),
        ("/es/admin/login/", "same-origin", "require-corp"),
        ("/cards/0.png", "cross-origin", None),
    ],
)
def test_other_sites_show_our_pictures_and_nothing_else(client, address, policy, embedder):
    answer = client.get(address)
    assert answer["Cross-Origin-Resource-Policy"] == policy
    assert answer.get("Cross-Origin-Embedder-Policy") == embedder


def test_a_static_file_opened_alone_runs_nothing():
    headers = {}
    of_static_files(headers, "/a.svg", "/static/a.svg")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert settings.WHITENOISE_ADD_HEADERS_FUNCTION is of_static_files


RULES = b"a { color: inherit }" * 50


@pytest.fixture
def static_file(settings, tmp_path, rf):
    """Asks for a static file, of a folder with `css/a.css` and its gzip form; gives its answer and
    its bytes, or None where there is no such."""
    (tmp_path / "css").mkdir()
    (tmp_path / "css/a.css").write_bytes(RULES)
    (tmp_path / "css/a.css.gz").write_bytes(gzip.compress(RULES))
    (tmp_path / "b.gz").write_bytes(b"alone")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH = tmp_path, False
    settings.WHITENOISE_USE_FINDERS = False
    middleware = StaticFilesMiddleware(lambda request: None)

    def ask(name, **headers):
        answer = middleware(rf.get(f"/static/{name}", **headers))
        if answer is None:
            return None
        body = answer.getvalue()
        answer.close()
        return answer, body

    return ask


def test_a_static_file_is_read_when_it_is_asked_for_and_stays_the_same(static_file):
    (first, body), (again, same) = static_file("css/a.css"), static_file("css/a.css")
    assert body == same == RULES
    assert first.headers == again.headers
    assert first["Content-Type"] == 'text/css; charset="utf-8"'
    assert first["Cross-Origin-Resource-Policy"] == "same-origin"
    _answer, short = static_file("css/a.css", HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(short) == RULES
    unchanged, _body = static_file("css/a.css", HTTP_IF_NONE_MATCH=first["ETag"])
    assert unchanged.status_code == 304


def test_what_is_no_static_file_has_no_address(static_file, tmp_path):
    assert static_file("b.gz")[1] == b"alone"
    (tmp_path / "css/a.css").unlink()
    for name in ("css/a.css", "css/a.css", "css/a.css.gz", "css", "css/", "../b.gz", "css/%00"):
        assert static_file(name) is None


def test_of_the_editor_only_what_it_uses_is_collected():
    names = {name for finder in get_finders() for name, _storage in finder.list([])}
    plugins = {name.split("/")[3] for name in names if "/ckeditor/plugins/" in f"/{name}"}
    assert {"link", "find", "table", "specialchar", "widget", "autogrow", "dialog"} <= plugins
    assert not {"preview", "exportpdf", "scayt", "wsc", "flash", "uploadimage"} & plugins
    assert "ckeditor/ckeditor/ckeditor.js" in names
    assert not any("galleriffic" in name for name in names)
    assert not find("ckeditor/ckeditor/plugins/preview/preview.html")


def test_words_of_the_editor_and_the_desk_are_collected_in_the_languages_of_the_site():
    names = {name for finder in get_finders() for name, _storage in finder.list([])}
    of_the_editor = {
        name.removeprefix("ckeditor/ckeditor/lang/") for name in names if "ckeditor/lang/" in name
    }
    assert of_the_editor == {"en.js", "es.js", "ca.js"}
    assert find("admin/js/vendor/select2/i18n/ca.js")
    assert not find("admin/js/vendor/select2/i18n/de.js")


def asked(**environment):
    """What the settings are with other surroundings."""
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECURE_HSTS_PRELOAD,"
        " s.SECOND_FACTOR_REQUIRED)"
    )
    surroundings = {**os.environ, "SECRET_KEY": "x" * 50, "DEBUG": "false",
                    "DJANGO_SETTINGS_MODULE": "config.settings", **environment}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=surroundings, capture_output=True, text=True, check=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    return done.stdout.split()


def test_on_https_cookies_are_bound_to_the_host_and_a_second_factor_is_asked_for():
    site = "https://review.example.org"
    assert asked(SITE_URL=site) == ["__Host-sessionid", "__Host-csrftoken", "False", "True"]
    assert asked(SITE_URL=site, HSTS_PRELOAD="true")[2] == "True"
    assert asked(SITE_URL="http://127.0.0.1:8000")[0::3] == ["sessionid", "False"]
