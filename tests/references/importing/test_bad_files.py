"""Files that are broken, huge, or come in twice at once: the good half comes in, the rest is told,
nothing is ever an error of the server."""

import os
import threading
from dataclasses import fields, replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from publishing import tasks
from references import formats, pdf
from references.formats import Keyword, Name, Record, WorkNotice, columns, ovid
from references.importing import earlier, reading, save
from references.importing import pending as pending_records
from references.importing.save import save_records
from references.models import PendingImport, Person, Reference
from tests.factories import AuthorUserFactory
from tests.references.formats import dialects
from tests.traced import traced

UPLOAD = reverse("admin:references_import")


def brought(data):
    """What is refused of a file, with its line, when all of it is brought in."""
    parsed = formats.parse(data)
    outcome = save_records(parsed.records, formatted=False)
    assert outcome.new + outcome.same + outcome.differs + len(outcome.refused) == len(
        parsed.records
    )
    return [*parsed.refused, *outcome.refused]


# One of each format; what the readers make of all of them is in formats/test_dialects.py.
OF_EACH = ["embase", "eric", "jabref", "scholar-enw", "wos-tagged", "zotero-csl", "endnote-xml"]
OF_EACH += ["scopus-csv", "ovid-tagged"]


@pytest.mark.django_db
@pytest.mark.parametrize("stem", OF_EACH)
def test_a_file_cut_at_five_places_comes_in_as_far_as_it_goes(stem):
    data = dialects.FILES[stem].read_bytes()
    whole = dialects.parse(stem).records
    for fifth in range(1, 6):
        Reference.objects.all().delete()
        part = data[: len(data) * fifth // 6]
        refused = brought(part)
        assert len(refused) <= 1
        assert all(each.reason and each.line for each in refused)
        begun = sum(record.line <= part.count(b"\n") for record in whole)
        good = {record.title for record in whole[: max(begun - 1, 0)]} - {""}
        assert good <= set(Reference.objects.values_list("title", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("stem", ["pubmed", "embase", "jabref", "zotero-csl", "endnote-xml"])
def test_a_cut_file_is_shown_with_what_is_broken_in_it(author_client, stem):
    data = dialects.FILES[stem].read_bytes()
    for part in (data[: len(data) // 3], data[: len(data) * 9 // 10]):
        file = SimpleUploadedFile(dialects.FILES[stem].name, part)
        response = author_client.post(UPLOAD, {"file": file}, follow=True)
        assert response.status_code == 200
        pending = PendingImport.objects.latest("pk")
        assert pending.records.exists() or pending.refused
        assert all(each["reason"] in response.text for each in pending.refused[:1])


LONG = "abcdefgh " * 11_111
TEXTS = [field.name for field in fields(Record) if field.default == ""]


@pytest.mark.django_db
def test_every_field_at_a_hundred_thousand_characters():
    sound = Record(citekey="sound", type="article-journal", title="Sound", year=1950)
    for name in TEXTS:
        record = replace(sound, citekey="long", title="Long")
        setattr(record, name, LONG)
        data = "".join(formats.write([record, sound], "csl.json")).encode()
        refused = brought(data)
        assert Reference.objects.filter(title="Sound").count() == 1, name
        assert all(each.reason for each in refused), name
    wide = replace(
        sound,
        title="Wide",
        keywords=[Keyword(LONG, "mesh", (LONG,)), *(Keyword(f"T{n}", "mesh") for n in range(300))],
        notices=[WorkNotice("comment", True, doi=f"10.5555/{n}") for n in range(300)]
        + [WorkNotice("erratum", True, text=LONG, doi="10.5555/e")],
        names=[Name(LONG, LONG, "Jr")],
        tags=[LONG],
    )
    for one in ("nbib", "csl.json"):
        brought("".join(formats.write([replace(wide, citekey=one, title=one)], one)).encode())
    kept = Reference.objects.get(title="csl.json")
    assert kept.keywords.count() <= 200
    assert kept.notices.count() <= 200


def _table_of_long_cells():
    heads = [words.split()[0] for words in columns._MEANINGS.values()]
    rows = [[LONG if at == each else "" for at in heads] for each in heads]
    for row in rows:
        row[heads.index("year")] = row[heads.index("year")] or "1950"
        row[heads.index("title")] = row[heads.index("title")] or "Sound"
    return "\n".join("\t".join(row) for row in [heads, *rows])


def _ovid_with_long_tags():
    return "".join(
        f"<{number}. >\nVN  - Ovid\nTI  - Sound\nYR  - 1950\n{tag}  - {LONG}\n\n"
        for number, tag in enumerate(sorted(ovid._READ), 1)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("make", [_table_of_long_cells, _ovid_with_long_tags])
def test_every_column_and_tag_at_a_hundred_thousand_characters(make):
    refused = brought(make())
    assert all(each.reason and each.line for each in refused)
    assert Reference.objects.filter(title="Sound").exists()


CROWD = "; ".join(f"Family{number} AB" for number in range(5000))


@pytest.mark.parametrize(
    "text",
    [
        f'title,authors,year\nCrowd,"{CROWD}",2012\n',
        "<1. >\nVN  - Ovid\nTI  - Crowd\nAU  - " + CROWD.replace("; ", "\nAU  - ") + "\n",
    ],
)
def test_five_thousand_authors_of_a_table_and_of_ovid(text):
    (record,) = formats.parse(text).records
    assert len(record.names) == 5000
    assert record.names[-1] == Name("Family4999", "A. B.")


@pytest.mark.django_db
def test_a_thousand_authors(author_client):
    people = "\n".join(f"AU  - Family{number}, Given" for number in range(1000))
    text = f"TY  - JOUR\nTI  - Crowd\nPY  - 2012\n{people}\nER  - \n"
    response = author_client.post(UPLOAD, {"text": text}, follow=True)
    assert response.status_code == 200
    pending_records.confirm(PendingImport.objects.get())
    assert not pending_records.bring_portion(PendingImport.objects.get().pk)
    work = Reference.objects.get()
    assert work.authorships.count() == Person.objects.count() == 1000
    assert Client().get("/references/").status_code == 200


def together(*functions):
    """Run in threads of their own; gives what they raised."""
    raised, gate = [], threading.Barrier(len(functions))

    def run(function):
        gate.wait()
        try:
            function()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def records(names, count=40):
    return [
        Record(
            type="article-journal", title=f"A study of nodules, number {number} of {name}",
            doi=f"10.5555/{name}.{number}", year=1950, names=[Name("Herz", f"R{number % 5}")],
            container="Journal of Lumbar Studies", container_short="J Lumbar Stud",
            keywords=[Keyword("Lipoma", "mesh")], tags=["fat"],
        )
        for name in names for number in range(count // len(names))
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_by_two_people_both_come_in_whole():
    raised = together(
        lambda: save_records(records("ab"), formatted=False),
        lambda: save_records(records("cd"), formatted=False),
    )
    again = save_records(records("abcd", 80), formatted=False)
    assert (again.new, len(again.refused)) == (0 if not raised else again.new, 0)
    assert Reference.objects.count() == 80


@pytest.mark.django_db(transaction=True)
def test_the_same_file_while_the_first_is_still_coming_in_makes_no_second_work():
    together(
        lambda: save_records(records("a"), formatted=False),
        lambda: save_records(records("a"), formatted=False),
    )
    assert save_records(records("a"), formatted=False).refused == []
    assert Reference.objects.count() == 40


# Long files


@pytest.mark.django_db
def test_a_long_file_is_left_to_the_worker_and_waits_for_her_word(
    author_client, monkeypatch, settings
):
    monkeypatch.setattr("references.importing.forms.READ_NOW", 100)
    monkeypatch.setattr(tasks, "has_worker", lambda: True)
    monkeypatch.setattr(tasks, "enqueue", lambda name, *args: "")
    data = "".join(formats.write(records("ab"), "ris")).encode()
    file = SimpleUploadedFile("library.ris", data)
    response = author_client.post(UPLOAD, {"file": file}, follow=True)
    pending = PendingImport.objects.get()
    assert "Being read" in response.text or "Stopped half-way" in response.text
    assert pdf.private_storage().exists(pending.file)
    for _again in range(2):
        reading.read(pending.pk)  # a second time it finds nothing to do
    name, pending = pending.file, PendingImport.objects.get()
    assert pending.records.count() == 40
    assert not pdf.private_storage().exists(name)
    page = author_client.get(reverse("admin:references_import_preview", args=[pending.pk]))
    assert "Bring in as chosen" in page.text


@pytest.mark.django_db
def test_without_a_worker_a_long_file_is_read_at_once_and_can_be_read_anew(
    author_client, monkeypatch
):
    monkeypatch.setattr("references.importing.forms.READ_NOW", 100)
    monkeypatch.setattr(tasks, "has_worker", lambda: False)
    data = "".join(formats.write(records("a"), "ris")).encode()
    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", lambda pk: None)  # killed
        author_client.post(UPLOAD, {"file": SimpleUploadedFile("library.ris", data)})
    pending = PendingImport.objects.get()
    address = reverse("admin:references_import_preview", args=[pending.pk])
    assert "The file can be read anew." in author_client.get(address).text
    assert "Bring in as chosen" in author_client.post(address, follow=True).text
    assert pending.records.count() == 40


@pytest.mark.django_db
@pytest.mark.once("what is measured is this process")
def test_twice_the_file_needs_no_more_memory_to_compare(monkeypatch):
    """With the library and with itself: what earlier records would bring stays on the disk."""
    monkeypatch.setattr(save, "CHUNK", 10)
    monkeypatch.setattr(earlier, "RECENT", 10)
    monkeypatch.setattr(earlier, "MOST_OF_ONE_KEY", 3)

    def peak(count):
        found = (
            replace(each, number=number, abstract=f"{number} nodules " * 1500)
            for number, each in enumerate(records("a", count), 1)
        )
        return traced(lambda: sum(twin == 0 for _record, _match, twin in save.compare(found)))

    peak(80)  # what is loaded and kept once
    (one, few), (two, many) = peak(40), peak(80)
    assert (few, many) == (40, 80)
    assert two < 1.4 * one


@pytest.mark.django_db
def test_what_stops_half_read_is_not_shown_as_if_it_were_all():
    whole = [replace(each, number=number) for number, each in enumerate(records("a"), 1)]

    def breaking_off():
        yield from whole
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        pending_records.hold(AuthorUserFactory(), "x", breaking_off())
    assert not PendingImport.objects.exists()
    assert pending_records.hold(AuthorUserFactory(), "x", whole).records.count() == 40


@pytest.mark.django_db
def test_a_file_is_never_gone_before_what_was_read_of_it_is_kept(monkeypatch):
    data = "".join(formats.write(records("a"), "ris")).encode()
    monkeypatch.setattr(tasks, "enqueue", lambda name, *args: "")
    pending = reading.leave(AuthorUserFactory(), SimpleUploadedFile("library.ris", data))
    monkeypatch.setattr(pdf.PrivateStorage, "delete", _killed)
    with pytest.raises(SystemExit):
        reading.read(pending.pk)
    monkeypatch.undo()
    name, pending = pending.file, PendingImport.objects.get()
    assert (pending.is_being_read, pending.records.count()) == (False, 40)
    storage = pdf.private_storage()
    reading.forget_old()
    assert storage.exists(name), "young, it may be one that is just being left"
    os.utime(storage.path(name), (0, 0))
    reading.forget_old()
    assert not storage.exists(name)


def _killed(*_args):
    raise SystemExit


@pytest.mark.django_db
def test_without_a_worker_a_file_has_to_be_smaller(author_client, settings, monkeypatch):
    monkeypatch.setattr(tasks, "has_worker", lambda: False)
    settings.IMPORT_MAX_BYTES_AT_ONCE = 100
    response = author_client.post(UPLOAD, {"file": SimpleUploadedFile("x.bib", b"x" * 101)})
    assert "import_references" in response.text


@pytest.mark.django_db
def test_one_field_is_taken_from_the_file_in_all_records(author_client):
    mine = records("a")
    save_records(mine, formatted=False)
    theirs = [
        replace(each, number=number, volume="9", title=each.title + " again")
        for number, each in enumerate(mine, 1)
    ]
    user = AuthorUserFactory()
    pending = pending_records.hold(user, "x", theirs)
    client = Client()
    client.force_login(user)
    address = reverse("admin:references_import_preview", args=[pending.pk])
    page = client.get(address)
    assert ("title", 40) in [(field, count) for field, _label, count in page.context["everywhere"]]
    client.post(address, {"do": "theirs-everywhere", "everywhere": "title", "page": "1"})
    client.post(address, {"do": "ours-everywhere", "everywhere": "volume", "page": "1"})
    client.post(address, {"do": "theirs-everywhere", "everywhere": "no-field", "page": "x"})
    pending_records.confirm(pending)
    while pending_records.bring_portion(pending.pk):
        continue
    assert Reference.objects.filter(title__endswith=" again", volume="").count() == 40
