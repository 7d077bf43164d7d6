"""`make bench`: what it tells other systems, and its arithmetic. It starts nothing here."""

import json

import pytest

from bench import content, drawing, large, report, turns
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite, comment

HELLO = {"ms": 0.4, "database_ms": 0.0, "per_second": 2000}


class Server:
    """What a server would have spent, turn by turn."""

    def __init__(self, name, spent):
        self.name, self.spent = name, iter(spent)

    def turn(self, _address, _seconds):
        return next(self.spent)


@pytest.mark.django_db
@pytest.mark.once("what a file holds")
def test_other_systems_are_filled_with_what_the_measured_pages_show(tmp_path):
    ReferenceFactory(citekey="sutro1935", title="On fat")
    chapter = ChapterFactory(title="Cited", slug="cited", body=f"<p>{cite('sutro1935')}</p>")
    ChapterFactory(title="Not yet", slug="not-yet", state="draft")
    post = PostFactory(title="Talked about", slug="talked-about")
    asked = comment(post, text="A question?")
    comment(post, text="An answer.", parent=asked)
    comment(post, text="Buy.", status="spam")
    pages = {
        "2 comments": (post.get_absolute_url(), content.COMMENT, 2),
        "chapter": (chapter.get_absolute_url(), content.WORK, 1),
        "home": ("/", "Talked about", 1),
        "library": ("/references/", "", 0),
        "an empty page": ("/legal/", "", 0),
    }
    content.write(tmp_path / "content.json", pages)
    told = json.loads((tmp_path / "content.json").read_text())
    there = {page["slug"]: page for page in told["pages"]}
    assert set(told["measured"]) == set(pages) - {"library"}
    for what, page in told["measured"].items():
        assert page["slug"] in there or what == "home"
    first, second = there["talked-about"]["comments"]
    assert (first["content"], second["content"]) == ("A question?", "An answer.")
    assert second["parent"] == first["id"]
    assert there["cited"]["html"].count(content.WORK) == 1
    assert "not-yet" not in there


def test_the_cheapest_turn_counts_with_its_database():
    one = Server("one", [(9.0, 5.0, 60), (8.0, 7.0, 90), (10.0, 3.5, 70)])
    other = Server("other", [(1.0, 0.0, 500)] * 3)
    taken, loads = turns.take(3, 0.1, [(one, {"a page": "/"}), (other, {"another": "/"})])
    assert len(loads) == 4
    assert turns.cheapest(taken["one", "a page"]) == {
        "ms": 10.0, "database_ms": 3.5, "per_second": 90,
    }  # fmt: skip
    assert ("other", "a page") not in taken


def test_shares_are_of_hello_and_the_best_peer_is_the_cheapest():
    made = {"ms": 6.0, "database_ms": 2.0, "per_second": 100}
    kept = {"ms": 0.3, "database_ms": 0.1, "per_second": 1800}
    peers = {
        "wagtail": {"ms": 12.0, "database_ms": 8.0, "queries": 10},
        "wagtail, kept": {"ms": 0.5, "database_ms": 0.0},
        "wordpress": {"ms": 20.0, "database_ms": 4.0, "queries": 20},
    }
    asking = {"ms": 0.45, "database_ms": 0.05, "per_second": 1500}
    page = turns.page(HELLO, made, kept, 3, peers, asking)
    assert page["kept_asking"] == 1.25
    assert (page["made"], page["whole"], page["kept"]) == (0.0667, 0.05, 1.0)
    assert page["ahead"] == 2.5
    assert page["peers"]["wagtail"]["whole"] == 0.02
    assert "ahead" not in turns.page(HELLO, made, kept, 3, {})
    found = {
        "date": "2026-01-01", "python": "3", "django": "5", "database": "postgresql", "cores": 2,
        "load": [1, 3], "versions": {"wagtail": "8", "wordpress": "6"}, "hello_ms": 0.4,
        "hello_per_second": 2000, "cpu_to_first_page_s": 1, "pages": {"home": page},
        "memory_mb": {"ours": [70, 50], "wagtail": [90, 60], "wordpress": [40, 20]}, "front": None,
    }  # fmt: skip
    assert list(turns.behind(found)) == []
    dearer = found | {"pages": {"home": page | {"made": 0.049, "ahead": 1.9, "kept_asking": 0.8}}}
    assert len(list(turns.behind(dearer))) == 3
    assert list(turns.worse(dearer, found)) == [
        "WORSE: home, made: 0.049 x hello, was 0.0667 on 2026-01-01"
    ]
    assert list(turns.worse(found, dearer)) == []
    assert "6.0 + 2.0 (3)" in "\n".join(report.table(found))
    assert "12.0 + 8.0 0.020" in "\n".join(report.lines(found))
    assert drawing.bars(found, turns.GOALS).count('class="wagtail"') == 2


def test_what_grows_is_named_and_kept_beside_the_other_figures(tmp_path):
    sample, big = (200, 6, 24_000, 20.0, 5.0), (200, 7, 30_000, 30.0, 40.0)
    found = large.growth((100, 90, 80, 70), {"evidence": sample, "home": sample},
                         {"evidence": big, "home": sample})  # fmt: skip
    assert [page["times"] for page in found["pages"].values()] == [2.8, 1.0]
    told = "\n".join(report.growth_lines(found)).splitlines()
    assert [line.split()[0] for line in told if line.endswith(" *")] == ["evidence"]
    saved, page = tmp_path / "performance.json", tmp_path / "performance.md"
    saved.write_text('{"sqlite": {}}')
    page.write_text("Before.\n<!-- growth: old -->\nold\n<!-- end -->\nAfter.\n")
    report.save_growth(saved, found)
    kept = json.loads(saved.read_text())
    assert (kept["sqlite"], kept["growth"]["pages"]["evidence"]["times"]) == ({}, 2.8)
    before, *lines, after = page.read_text().splitlines()
    assert (before, after, "old" in lines) == ("Before.", "After.", False)
    assert "| evidence | 20.0 + 5.0 | 30.0 + 40.0 | **2.8** | 6, 7 | 24, 30 |" in lines
