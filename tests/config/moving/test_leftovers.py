"""Smaller things of a WordPress site: odd logins, addresses told otherwise, translations, and
pictures fetched from where it stood."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post
from config.moving.wordpress import bring, decisions, fetching
from config.moving.wordpress.addresses import nicename
from publishing.models import Image, ImportedItem
from review.models import Chapter

HEAD = """<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<wp:wxr_version>1.2</wp:wxr_version><link>{site}</link><language>en-US</language>"""
ITEM = """<item><title>{title}</title><link>{link}</link><content:encoded><![CDATA[{title}]]>
</content:encoded><wp:post_id>{number}</wp:post_id><wp:status>publish</wp:status>
<wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt><wp:post_type>{kind}</wp:post_type>
{more}</item>"""
PICTURE = (Path(__file__).parent / "data/uploads/2012/03/nodule.jpg").read_bytes()


def export(path, *items, site="https://old.example.org", head=""):
    usual = {"kind": "page", "more": ""}
    for each in items:
        number = each["number"]
        each |= {"link": f"{site}/x-{number}/", "title": f"Page {number}", **usual, **each}
    texts = [ITEM.format(**each) for each in items]
    path.write_text(
        HEAD.format(site=site) + head + "".join(texts) + "</channel></rss>", encoding="utf-8"
    )
    return path


def moved(path, **options):
    return bring.bring(bring.prepare(path, **options))


def polylang(code, group="pll_1"):
    return (
        f'<category domain="language" nicename="{code}">{code}</category>'
        f'<category domain="post_translations" nicename="{group}">{group}</category>'
    )


def wpml(code, source=""):
    values = {"translation_group": "7", "language_code": code, "source_language_code": source}
    return "".join(
        f"<wp:postmeta><wp:meta_key>_wpml_import_{key}</wp:meta_key><wp:meta_value>{value}"
        "</wp:meta_value></wp:postmeta>"
        for key, value in values.items()
    )


@pytest.mark.django_db
def test_translations_lead_to_each_other_and_what_she_took_apart_stays_apart(tmp_path):
    path = export(
        tmp_path / "a.xml",
        {"number": 1, "more": polylang("es")},
        {"number": 2, "more": polylang("en")},
        {"number": 3, "more": polylang("es")},
        {"number": 4, "kind": "post", "more": wpml("en", "ca")},
        {"number": 5, "kind": "post", "more": wpml("ca")},
    )
    report = moved(path)
    original = Chapter.objects.get(title="Page 2")
    assert [each.title for each in original.translations.all()] == ["Page 1"]
    assert Chapter.objects.get(title="Page 1").language == "es"
    post = Post.objects.get(title="Page 4")
    assert (post.language, post.translation_of.title) == ("en", "Page 5")
    assert any("could not be linked" in what for what, *_where in report.notes)
    post.translation_of = None
    post.save()
    moved(path)
    assert Post.objects.get(title="Page 4").translation_of is None
    assert ImportedItem.objects.filter(kind="translations").count() == 2


def test_logins_are_written_as_wordpress_writes_them():
    assert [nicename(each) for each in ("Ana", "ana.perez", "J. Müller@x.org", "Łukasz ß", "_a b_")
    ] == ["ana", "ana-perez", "j-mullerx-org", "lukasz-s", "_a-b_"]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.once("rows of addresses, which test_wordpress asks again")
def test_addresses_the_old_site_was_told_live_on(tmp_path, client):
    head = (
        "<wp:author><wp:author_id>3</wp:author_id><wp:author_login>ana.perez</wp:author_login>"
        "</wp:author><wp:category><wp:category_nicename>fat</wp:category_nicename>"
        "<wp:cat_name>Fat</wp:cat_name></wp:category>"
    )
    tag = '<category domain="category" nicename="fat">Fat</category>'
    path = export(tmp_path / "a.xml", {"number": 1, "kind": "post", "more": tag}, head=head)
    given = '{"version": 1, "items": {}, "bases": {"category": "/topics/", "author": "by"}}'
    moved(path, given=decisions.read(given))
    for old, new in {
        "/topics/fat/": "/tags/fat/", "/by/ana-perez/": "/blog/", "/?author=3": "/blog/",
    }.items():  # fmt: skip
        assert client.get(old)["Location"] == new
    (tmp_path / "map.json").write_text(given.replace("/topics/", "a b?"), encoding="utf-8")
    with pytest.raises(CommandError, match="bases"):
        call_command("import_wordpress", path, map=tmp_path / "map.json")


class OldSite(BaseHTTPRequestHandler):
    def do_GET(self):
        moves = {"/moved.jpg": "/nodule.jpg", "/round.jpg": "/round.jpg",
                 "/inside.jpg": "http://10.0.0.1/a.jpg"}  # fmt: skip
        self.server.asked.append(self.path)
        found = self.path in ("/nodule.jpg", "/large.jpg")
        self.send_response(301 if self.path in moves else 200 if found else 404)
        if self.path in moves:
            self.send_header("Location", moves[self.path])
        self.end_headers()
        if found:
            self.wfile.write(PICTURE)

    def log_message(self, *args):
        pass


@contextmanager
def old_site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), OldSite)
    server.asked, server.url = [], f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
@pytest.mark.once("about what another site answers")
def test_pictures_come_from_the_old_site_and_from_nowhere_inside(tmp_path, settings):
    with old_site() as server:
        names = ["moved", "inside", "round", "missing"]
        items = [
            {"number": number, "kind": "attachment",
             "more": f"<wp:attachment_url>{server.url}/{name}.jpg</wp:attachment_url>"}
            for number, name in enumerate(names, 1)
        ]  # fmt: skip
        path = export(tmp_path / "a.xml", *items, site=server.url)
        moved(path, fetch=True)
        assert server.asked == []  # this very machine is no public address
        settings.LOOKUP_ALLOW_LOOPBACK = True
        report = moved(path, fetch=True)
        assert [image.title for image in Image.objects.all()] == ["Page 1"]
        assert report.fates["attachment"]["left"] == 3
        assert server.asked.count("/round.jpg") == fetching.REDIRECTS + 1
        with pytest.raises(fetching.Failed, match="too large"):
            fetching.fetch(f"{server.url}/large.jpg", len(PICTURE) - 1)
        with pytest.raises(fetching.Failed, match="not a public"):
            fetching.fetch(f"{server.url}/inside.jpg", 1000)
        for address in ("file:///etc/passwd", "http://a@127.0.0.1/", "ftp://127.0.0.1/", "http://"):
            with pytest.raises(fetching.Failed, match="not a public"):
                fetching.fetch(address, 1000)
