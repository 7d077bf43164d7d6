"""How often anybody may do what costs the site something: counted in memory, per address, per
mailbox and in all."""

import re

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from config import settings as declared
from config.proxy import ReaderAddressMiddleware
from publishing import limits
from tests.comments.forms import address, filled
from tests.factories import AuthorUserFactory, PostFactory, ReferenceFactory, comment

NOON = 1_800_014_400


@pytest.fixture(autouse=True)
def _no_window_ends_meanwhile(monkeypatch):
    monkeypatch.setattr(limits, "time", lambda: NOON)


@pytest.fixture
def few(settings):
    """`few(posts=[("address", 2, 60)])` is the whole table."""

    def use(**table):
        settings.LIMITS = {name.replace("_", " "): rows for name, rows in table.items()}

    return use


@pytest.fixture
def gone(monkeypatch):
    """A shared cache that does not answer; how often it was asked."""
    asked = []

    class Gone(LocMemCache):
        def add(self, *args, **kwargs):
            asked.append(args)
            raise ConnectionError

    monkeypatch.setitem(limits._pause, "until", 0.0)
    monkeypatch.setattr(caches._connections, "limits", Gone("gone", {}), raising=False)
    return asked


@pytest.fixture
def at(rf):
    return lambda address: rf.get("/", REMOTE_ADDR=address)


class TestWhoIsWho:
    @pytest.mark.parametrize(
        ("written", "who"),
        [
            ("203.0.113.9", "203.0.113.9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("unknown", ""),
            ("", ""),
        ],
    )
    def test_a_household_is_one(self, written, who):
        assert limits.network(written) == who

    @pytest.mark.parametrize(
        ("written", "mailbox"),
        [
            ("Anna@Example.org", "anna@example.org"),
            ("anna+news@example.org", "anna@example.org"),
            ("an.na+news@googlemail.com", "anna@gmail.com"),
            ("an.na@example.org", "an.na@example.org"),
            ("+only@example.org", "+only@example.org"),
            ("nothing", ""),
            ("", ""),
        ],
    )
    def test_a_mailbox_is_one(self, written, mailbox):
        assert limits.folded_mailbox(written) == mailbox


class TestCounting:
    def test_so_many_and_no_more(self, few, at):
        few(posts=[("address", 2, 60)])
        said = [limits.hit("posts", at("203.0.113.9")) for _ in range(3)]
        assert said[:2] == [None, None]
        assert said[2].per == "address"
        assert 0 < said[2].wait <= 60

    def test_others_are_not_touched(self, few, at):
        few(posts=[("address", 1, 60)])
        assert [limits.hit("posts", at(f"203.0.113.{each}")) for each in range(5)] == [None] * 5

    def test_a_household_counts_together(self, few, at):
        few(posts=[("address", 1, 60)])
        assert limits.hit("posts", at("2001:db8:1:2::1")) is None
        assert limits.hit("posts", at("2001:db8:1:2:ffff::9"))
        assert limits.hit("posts", at("2001:db8:1:3::1")) is None

    def test_a_mailbox_counts_from_wherever_it_is_used(self, few, at):
        few(posts=[("mailbox", 1, 60)])
        assert limits.hit("posts", at("203.0.113.1"), mailbox="anna@example.org") is None
        assert limits.hit("posts", at("203.0.113.2"), mailbox="anna+2@example.org").per == "mailbox"
        assert limits.hit("posts", at("203.0.113.2")) is None

    def test_all_together_have_a_limit_which_one_alone_cannot_use_up(self, few, at):
        few(posts=[("address", 2, 60), ("all", 4, 60)])
        for _ in range(20):
            limits.hit("posts", at("203.0.113.1"))
        assert [limits.hit("posts", at(f"203.0.113.{each}")) is None for each in (2, 3, 4)] == [
            True,
            True,
            False,
        ]
        assert limits.hit("posts", at("203.0.113.5")).per == "all"

    def test_looking_counts_nothing(self, few, at):
        few(posts=[("address", 1, 60)])
        assert [limits.reached("posts", at("203.0.113.1")) for _ in range(5)] == [None] * 5
        limits.hit("posts", at("203.0.113.1"))
        assert limits.reached("posts", at("203.0.113.1"))

    def test_its_time_over_it_begins_anew(self, few, at, monkeypatch):
        few(posts=[("address", 1, 60)])
        limits.hit("posts", at("203.0.113.1"))
        wait = limits.hit("posts", at("203.0.113.1")).wait
        monkeypatch.setattr(limits, "time", lambda: NOON + wait)
        assert limits.hit("posts", at("203.0.113.1")) is None

    @pytest.mark.parametrize("nobody", ["", "0.0.0.0", "not an address"])
    def test_without_an_address_only_all_together_count(self, few, at, nobody):
        """Else everybody would be behind one address when the proxy passes none on."""
        few(posts=[("address", 1, 60), ("all", 3, 60)])
        assert [limits.hit("posts", at(nobody)) is None for _ in range(4)] == [
            True,
            True,
            True,
            False,
        ]

    def test_behind_a_proxy_it_is_the_reader_who_is_counted(self, few, rf):
        few(posts=[("address", 1, 60)])

        def ask(reader):
            request = rf.get(
                "/", headers={"X-Forwarded-For": f"198.51.100.7, {reader}"}, REMOTE_ADDR="127.0.0.1"
            )
            return ReaderAddressMiddleware(lambda request: limits.hit("posts", request))(request)

        assert (ask("203.0.113.1"), ask("203.0.113.2")) == (None, None)
        assert ask("203.0.113.1")

    def test_without_a_shared_cache_each_process_counts_for_itself(self, few, at, gone, caplog):
        few(posts=[("address", 2, 60)])
        said = [limits.hit("posts", at("203.0.113.1")) for _ in range(3)]
        assert [each and each.per for each in said] == [None, None, "address"]
        assert len(gone) == 1  # and is not asked again at once
        assert [record.message[:39] for record in caplog.records] == [
            "The cache of limits does not answer; co"
        ]

    def test_after_a_while_it_is_asked_again(self, few, at, gone, monkeypatch):
        few(posts=[("address", 2, 60)])
        limits.hit("posts", at("203.0.113.1"))
        now = limits.monotonic()
        monkeypatch.setattr(limits, "monotonic", lambda: now + limits.PAUSE + 1)
        limits.hit("posts", at("203.0.113.1"))
        assert len(gone) == 2

    def test_what_is_kept_is_bounded_and_names_nobody(self, few, at):
        few(posts=[("address", 5, 60), ("mailbox", 5, 60), ("all", 10**9, 60)])
        cache = caches["limits"]
        for number in range(cache._max_entries // 64, cache._max_entries // 64 + 40):
            limits.hit(
                "posts",
                at(f"10.{number // 250}.{number % 250}.1"),
                mailbox=f"anna{number}@example.org",
            )
        assert cache._max_entries == 20_000
        assert not re.search(r"anna|10\.", " ".join(cache._cache))


@pytest.mark.django_db
class TestAtTheDoors:
    @pytest.fixture(autouse=True)
    def _no_waiting(self, settings):
        settings.COMMENT_MIN_SECONDS = 0

    @pytest.fixture
    def page(self):
        return PostFactory()

    def test_too_many_comments_are_refused_with_everything_typed_kept(self, client, page, few):
        few(comments=[("address", 1, 600)])
        assert client.post(address(page), filled(page)).status_code == 302
        first = comment(page, name="Berta")
        data = filled(page, text="My long <story>")
        response = client.post(address(page, first), data)
        html = response.content.decode()
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 600
        assert "from your network address" in html
        assert "My long &lt;story&gt;</textarea>" in html
        assert "Reply to Berta" in html
        assert f'name="captcha_1" value="{data["captcha_1"]}"' in html
        assert Comment.objects.filter(text__contains="story").count() == 0
        few()
        assert client.post(address(page, first), data).status_code == 302

    def test_an_account_without_the_right_to_answer_is_refused_like_a_reader(
        self, client, page, few
    ):
        few(comments=[("address", 1, 600)])
        client.force_login(AuthorUserFactory(is_superuser=False))
        assert client.post(address(page), filled(page)).status_code == 302
        response = client.post(address(page), filled(page))
        assert response.status_code == 429
        assert 'name="captcha_1"' in response.content.decode()

    def test_forms_that_are_not_taken_use_up_nothing_of_a_mailbox(self, client, page, few):
        few(sendings=[("address", 3, 600)], comments=[("mailbox", 1, 600)])
        for _ in range(2):
            assert client.post(address(page), filled(page, captcha_1="x")).status_code == 200
        assert client.post(address(page), filled(page)).status_code == 302
        few(sendings=[("address", 3, 600)])
        assert client.post(address(page), filled(page)).status_code == 429

    def test_a_form_sent_twice_counts_once(self, client, page, few):
        few(comments=[("address", 2, 600)], wrong_answers=[("address", 1, 600)])
        data = filled(page)
        assert [client.post(address(page), data).status_code for _ in range(3)] == [302, 302, 302]
        assert client.post(address(page), filled(page)).status_code == 302

    def test_a_mailbox_is_counted_however_it_is_written(self, client, page, few):
        few(comments=[("mailbox", 1, 600)])
        assert client.post(address(page), filled(page, email="an.na@gmail.com")).status_code == 302
        response = client.post(address(page), filled(page, email="anna+x@gmail.com"))
        assert response.status_code == 429
        assert "with this e-mail address" in response.content.decode()

    def test_guessing_has_an_end_and_a_right_answer_does_not_help_then(self, client, page, few):
        few(wrong_answers=[("address", 3, 600)])
        for _ in range(3):
            assert client.post(address(page), filled(page, captcha_1="x")).status_code == 200
        assert client.post(address(page), filled(page)).status_code == 429
        assert not Comment.objects.exists()

    def test_who_forgets_the_digits_or_her_name_is_no_guesser(self, client, page, few):
        few(wrong_answers=[("address", 1, 600)])
        for wrong in ({"captcha_1": ""}, {"name": ""}, {"text": ""}):
            assert client.post(address(page), filled(page, **wrong)).status_code == 200
        assert client.post(address(page), filled(page)).status_code == 302

    @pytest.mark.parametrize("asked", [{"another": "1"}, {"preview": "1"}])
    def test_other_digits_and_looking_it_over_are_counted_too(self, client, page, few, asked):
        few(forms=[("address", 1, 600)], previews=[("address", 1, 600)])
        data = {"text": "Half a sent", **asked}
        assert client.post(address(page), data).status_code == 200
        response = client.post(address(page), data)
        assert response.status_code == 429
        assert "Half a sent</textarea>" in response.content.decode()

    @pytest.mark.parametrize(
        ("name", "path"),
        [
            ("searches", "/search/?q=fat"), ("searches", "/questions/?q=fat"), ("searches",
                "/references/?q=fat"),
            ("searches", "/references/evidence/?q=fat"), ("searches",
                "/references/export.bib?q=fat"),
            ("suggestions", "/search/suggest/?q=fat"), ("challenges", "/captcha/image/t1/"),
            ("forms", "form"),
        ],
    )  # fmt: skip
    def test_what_is_only_read_has_limits_that_write_nothing(self, client, page, few, name, path):
        ReferenceFactory(title="Fat")
        few(**{name: [("address", 1, 600)]})
        path = address(page) if path == "form" else path
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            response = client.get(path)
        assert response.status_code == 429
        assert response["Retry-After"]
        assert f'href="{path}"' in response.content.decode()
        assert len(asked) == 0 or name == "forms"

    def test_reading_has_none(self, client, few):
        few(searches=[("address", 0, 600)])
        for path in (
            "/",
            "/references/",
            "/references/?sort=newest",
            "/search/",
            "/questions/",
            "/blog/",
        ):
            assert client.get(path).status_code == 200

    def test_the_script_that_previews_is_told_in_its_own_language(self, client, few):
        few(previews=[("address", 1, 600)])
        client.post("/comments/preview/", {"text": "x"})
        response = client.post("/comments/preview/", {"text": "x"})
        assert (response.status_code, response["Retry-After"] > "0") == (429, True)
        assert "from your network address" in response.json()["error"]

    def test_looking_up_is_refused_with_the_number_kept(self, author_client, few):
        few(**{"look-ups": [("address", 0, 600)]})
        response = author_client.post(
            "/admin/references/reference/lookup/", {"number": "10.1136/ard.11.1.30"}
        )
        assert response.status_code == 429
        assert "10.1136/ard.11.1.30" in response.content.decode()
        assert "from your network address" in response.content.decode()

    def test_the_author_is_not_counted(self, author_client, page, few):
        few(forms=[("address", 0, 600)], comments=[("address", 0, 600)])
        assert author_client.get(address(page)).status_code == 200


def test_forty_readers_of_one_hospital_are_not_troubled(settings, at):
    """Each opens three forms, looks over what she writes all the time, searches, forgets something,
    and sends it."""
    settings.LIMITS = declared.LIMITS
    done = {
        "forms": 4,
        "challenges": 6,
        "previews": 30,
        "sendings": 3,
        "comments": 1,
        "searches": 12,
        "suggestions": 40,
        "own pages": 4,
    }
    for reader in range(40):
        for name, times in done.items():
            for _ in range(times):
                assert (
                    limits.hit(name, at("203.0.113.1"), mailbox=f"reader{reader}@example.org")
                    is None
                ), name


def test_every_limit_says_per_whom_how_many_and_for_how_long():
    for name, rows in declared.LIMITS.items():
        per = [row[0] for row in rows]
        most = [row[1] for row in rows]
        if per != ["account"]:  # whoever guesses, from wherever
            assert {"address", "all"} <= set(per), name
            assert per[-1] == "all", "who is refused must not use up what all have"
        assert most[-1] == max(most), name
        assert all(seconds > 0 for _per, _most, seconds in rows), name
