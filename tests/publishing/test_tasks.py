"""The queue of long work: nothing lost, nothing done twice that harms, whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Post
from publishing import tasks
from publishing.clock import LEASE
from publishing.models import TaskWorker
from publishing.worker import Stopped, Worker
from references.formats import Name, Record
from references.importing import pending as pending_records
from references.importing.pending import hold
from references.models import PendingRecord, Reference
from tests.factories import AuthorUserFactory, PostFactory

from .test_editing import form_of

done = []


@tasks.task("tests.write")
def write(word):
    done.append(word)


@tasks.task("tests.short", short=True)
def short(word):
    done.append(word)


@tasks.task("tests.nested", short=True)
def nested():
    done.append("nested")
    tasks.enqueue("tests.short", "asked for by it")


@tasks.task("tests.fails", tries=2)
def fails():
    raise ValueError("no such thing")


@tasks.task("tests.turns")
def turns():
    done.append("turn")
    return tasks.MORE if done.count("turn") < 3 else None


@tasks.task("tests.stopped")
def stopped():
    raise Stopped


@pytest.fixture(autouse=True)
def queue(settings):
    """Tasks are queued as on the site, and no worker is there."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    done.clear()


@pytest.fixture
def worker(db):
    return TaskWorker.objects.create(key="here", until=timezone.now() + LEASE)


def do_next(key="here"):
    row = tasks.claim(key)
    if row:
        tasks.do(row)
    return row is not None


def let_time_pass():
    """What was put off for a while is due."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


@pytest.mark.django_db
class TestTheQueue:
    def test_a_task_is_done_once_and_known_to_be(self):
        key = tasks.enqueue("tests.write", "hello")
        assert tasks.status(key).state == "waiting"
        assert do_next()
        assert not do_next()
        assert (done, tasks.status(key).state) == (["hello"], "done")

    def test_it_is_kept_only_if_what_it_belongs_to_is(self):
        with transaction.atomic():
            tasks.enqueue("tests.write", "hello")
            transaction.set_rollback(True)
        assert not do_next()

    def test_what_waits_already_is_not_asked_for_twice(self):
        assert tasks.enqueue("tests.write", "one") == tasks.enqueue("tests.write", "one")
        tasks.enqueue("tests.write", "two")
        assert [do_next(), do_next(), do_next()] == [True, True, False]

    def test_what_has_had_its_turn_waits_behind_the_others(self):
        tasks.enqueue("tests.turns")
        tasks.enqueue("tests.write", "other")
        while do_next():
            pass
        assert done == ["turn", "other", "turn", "turn"]

    def test_it_tells_how_far_it_is(self):
        key = tasks.enqueue("publishing.rebuild_search")
        AuthorUserFactory()
        Reference.objects.create(citekey="a", title="A").refresh()
        do_next()
        told = tasks.status(key)
        assert told.done == told.total > 0

    def test_what_fails_is_tried_again_later_and_then_given_up(self, client):
        key = tasks.enqueue("tests.fails")
        do_next()
        assert tasks.status(key).state == "waiting"
        assert not do_next(), "not at once"
        let_time_pass()
        do_next()
        assert tasks.status(key).state == "failed"
        assert tasks.status(key).error == "ValueError: no such thing"
        client.force_login(AuthorUserFactory())
        assert (
            "1 task was given up: ValueError: no such thing"
            in client.get(reverse("admin:index")).content.decode()
        )
        call_command("run_tasks", "--try-again", stdout=StringIO())
        assert tasks.status(key).state == "waiting"

    def test_a_task_nobody_knows_any_more_is_given_up_in_words(self):
        key = tasks.enqueue("tests.write", "x")
        DBTaskResult.objects.update(args_kwargs={"args": ["tests.gone", []], "kwargs": {}})
        do_next()
        assert "tests.gone" in tasks.status(key).error

    def test_what_is_stopped_waits_for_the_next_worker_and_has_not_failed(self):
        key = tasks.enqueue("tests.stopped")
        row = tasks.claim("here")
        with pytest.raises(Stopped):
            tasks.do(row)
        assert tasks.status(key).state == "waiting"
        assert DBTaskResult.objects.get().worker_ids == []

    def test_old_ones_are_forgotten(self):
        tasks.enqueue("tests.write", "x")
        do_next()
        assert tasks.forget() == 0
        DBTaskResult.objects.update(finished_at=timezone.now() - tasks.KEPT - timedelta(hours=1))
        assert tasks.forget() == 1


@pytest.mark.django_db
class TestTheReaper:
    def test_what_a_dead_worker_left_is_given_to_the_next(self, worker):
        key = tasks.enqueue("tests.write", "x")
        tasks.claim("here")
        assert tasks.take_back() == 0, "it is alive"
        TaskWorker.objects.update(until=timezone.now() - timedelta(seconds=1))
        assert tasks.take_back() == 1
        assert do_next("other")
        assert tasks.status(key).state == "done"

    def test_what_kills_every_worker_is_given_up(self):
        key = tasks.enqueue("tests.fails")
        for _try in range(2):
            tasks.claim("dead")
            tasks.take_back()
        assert tasks.status(key).state == "failed"
        assert "half-way" in tasks.status(key).error

    def test_one_who_was_given_up_and_comes_back_changes_nothing(self):
        key = tasks.enqueue("tests.write", "x")
        late = tasks.claim("slow")
        tasks.take_back()
        tasks.claim("other")
        tasks.do(late)
        assert tasks.status(key).state == "running"

    def test_a_clock_that_ran_ahead_leaves_no_worker_and_no_waiting(self, worker):
        years = timezone.now() + timedelta(days=1500)
        TaskWorker.objects.update(until=years)
        assert not tasks.has_worker()
        tasks.enqueue("tests.write", "x")
        DBTaskResult.objects.update(run_after=years)
        tasks.take_back()
        assert do_next()


@pytest.mark.django_db
class TestWithoutAWorker:
    def test_what_is_short_is_done_at_once(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            key = tasks.enqueue("tests.short", "x")
            assert done == []
        assert (done, tasks.status(key).state) == (["x"], "done")

    def test_with_one_it_is_left_to_it(self, worker, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.enqueue("tests.short", "x")
        assert done == []

    def test_the_desk_says_what_waits(self, author_client):
        tasks.enqueue("tests.write", "x")
        html = author_client.get(reverse("admin:index")).content.decode()
        assert "No task worker is running" in html
        assert "1 task is waiting" in html

    def test_with_one_the_desk_says_nothing(self, author_client, worker):
        assert "No task worker" not in author_client.get(reverse("admin:index")).content.decode()


@pytest.mark.django_db(transaction=True)
class TestOneRequestWithoutAWorker:
    """Whoever waits for an answer waits for a second of short tasks, however many there are."""

    @pytest.fixture
    def linked(self):
        """A page that three others link to."""
        page = PostFactory(title="Old title", slug="old")
        link = f'<p><a href="{page.get_absolute_url()}">There</a></p>'
        return page, [PostFactory(body=link).pk for _ in range(3)]

    def rename(self, client, page):
        change = reverse("admin:blog_post_change", args=[page.pk])
        answer = client.post(change, form_of(client, change, slug="renamed"))
        assert answer.status_code == 302, answer.context["errors"]

    def behind(self, pks):
        """How many of the pages still have the old address."""
        pages = Post.objects.filter(pk__in=pks)
        return sum("renamed" not in page.body_html for page in pages)

    def test_what_follows_from_it_is_done_at_once(self, author_client, linked):
        DBTaskResult.objects.all().delete()
        page, pages = linked
        self.rename(author_client, page)
        assert self.behind(pages) == 0

    def test_what_takes_longer_waits_and_the_desk_says_so(self, author_client, linked, monkeypatch):
        DBTaskResult.objects.all().delete()
        page, pages = linked
        monkeypatch.setattr(tasks, "INLINE", 1e-9)  # the first task uses it up
        self.rename(author_client, page)
        assert self.behind(pages) == 2
        html = author_client.get(reverse("admin:index")).content.decode()
        assert f"{DBTaskResult.objects.ready().count()} tasks are waiting" in html
        call_command("run_tasks", stdout=StringIO())
        assert self.behind(pages) == 0

    def test_the_next_request_has_its_own(self, monkeypatch):
        monkeypatch.setattr(tasks, "INLINE", 1e-9)
        for word in ("one", "two"):
            with tasks.one_request():
                tasks.enqueue("tests.short", word)
                tasks.enqueue("tests.short", f"{word} more")
        assert done == ["one", "two"]

    def test_what_a_short_task_asks_for_counts_as_its_own_time(self, monkeypatch):
        monkeypatch.setattr(tasks, "INLINE", 1e-9)
        with tasks.one_request():
            tasks.enqueue("tests.nested")
        assert done == ["nested"]


def records(number):
    return [
        Record(
            citekey=f"work{each}",
            title=f"Title {each}",
            year=1950,
            names=[Name(f"Family{each % 7}")],
            number=each,
        )
        for each in range(1, number + 1)
    ]


def pending_import(number):
    pending = hold(AuthorUserFactory(), "long.bib", records(number))
    pending_records.confirm(pending)
    pending_records.hand_over(pending)
    return pending


def start_worker(*arguments, portion=4):
    """A worker as the site has it: a process of its own, on the test's database."""
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        # The server may be reached by name or, as in `make test`, by the folder of its socket.
        given = connection.get_connection_params()
        known = {key: given[key] for key in ("user", "password", "host", "port") if key in given}
        url = f"postgres:///{name}?{urlencode(known)}"
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings';"
        f" django.setup(); from references.importing import pending; pending.PORTION = {portion};"
        " from django.core.management import call_command; import sys;"
        " call_command('run_worker', *sys.argv[1:])"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], env={**os.environ, "DATABASE_URL": url}
    )


def wait_for(condition):
    while not condition():
        time.sleep(0.005)


@pytest.mark.django_db(transaction=True)
class TestAWorker:
    def test_killed_in_the_middle_of_an_import_it_does_no_harm(self):
        pending = pending_import(60)
        process = start_worker()
        wait_for(lambda: PendingRecord.objects.count() < 60 or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert 0 < PendingRecord.objects.count() < 60
        assert tasks.status(pending.task).state == "running", "nobody could say that it died"

        TaskWorker.objects.update(until=timezone.now())
        process = start_worker(portion=100)
        wait_for(lambda: tasks.status(pending.task).state == "done" or process.poll() is not None)
        wait_for(
            lambda: (
                not Reference.objects.filter(citations_due=True).exists()
                or process.poll() is not None
            )
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0

        pending.refresh_from_db()
        assert pending.report["new"] == len(set(pending.report["added"])) == 60
        assert not pending.records.exists()
        assert Reference.objects.count() == 60
        assert {len(work.kept_citations) for work in Reference.objects.all()} == {3}
        assert not TaskWorker.objects.exists(), "whoever is stopped says good-bye"

    def test_several_at_once_do_each_task_once(self):
        for each in range(12):
            tasks.enqueue("tests.write", each)
        workers = [Worker(stays=False) for _ in range(3)]
        assert sum(worker.work_off(20) for worker in workers) == 12
        assert sorted(done) == list(range(12))

    def test_it_ends_with_the_process_that_started_it(self):
        parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        process = start_worker(
            "--parent", str(parent.pid)
        )  # not its parent any more, as after a kill -9
        assert process.wait() == 0
        parent.kill()
        parent.wait()
