"""Every address of the site, asked as every role by every method: each gets what one list says, and
no more."""

import logging
import re
from dataclasses import asdict
from datetime import date

import pytest
import reversion
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib import admin, auth
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from post_office.models import Email
from reversion.models import Version
from taggit.models import Tag

from comments.models import Blocked, DeskSettings, KeptAnswer, Snippet, WordList, Writer
from comments.moderation import actions
from publishing import images
from publishing.desk import drafts, trash
from publishing.models import (
    Announcement,
    Consent,
    Digest,
    ExternalLink,
    FoundNothing,
    Image,
    Replacement,
    SiteImport,
    SiteSettings,
    Trashed,
)
from publishing.models import Redirect as OldAddress
from references import merging
from references.formats import Record
from references.models import (
    AppraisalForm,
    Condition,
    ExclusionReason,
    FurtherPdf,
    GlossaryTerm,
    Highlight,
    Hit,
    Journal,
    LayWord,
    Methods,
    Name,
    Nomination,
    Notes,
    PendingImport,
    Person,
    ReadingList,
    SavedSearch,
    SearchRun,
    Study,
    WorkNotice,
)
from review.models import InShort
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)
from tests.publishing.test_images import picture

from .permissions import PAGE, PUBLIC, PUBLIC_FORMS, ROLES, addresses, line_of, may, table

ALL = [(route, name, line_of(route, name)) for route, name, _pattern in addresses()]
DESK = [
    (route, name, line)
    for route, name, line in ALL
    if line and name not in PUBLIC and name not in PUBLIC_FORMS
]
DRAFT = "Words for nobody yet"


def test_every_address_has_a_line():
    assert [route for route, _name, line in ALL if line is None] == []


def test_no_line_is_left_of_an_address_that_is_gone():
    names = {name for _route, name, _line in ALL}
    assert {*PUBLIC, *PUBLIC_FORMS} - names == set()


def test_the_page_about_it_is_up_to_date():
    """If not: `python -m tests.config.permissions`."""
    assert PAGE.read_text(encoding="utf-8") == table()


def test_every_action_of_a_list_names_the_permission_it_takes():
    for desk in admin.site._registry.values():
        for action, _name, _words in desk._get_base_actions():
            assert getattr(action, "allowed_permissions", ()), f"{desk}: {action}"


class World:
    """One row of everything, and a version, a deleted one and a draft where there can be."""

    def __init__(self):
        self.rows = {}
        SiteSettings().save()
        DeskSettings().save()
        self.figure = images.add(SimpleUploadedFile("a.png", picture()), title="A figure")
        person, reference = (
            PersonFactory(),
            ReferenceFactory(citekey="herz1952", notes="<p>Words.</p>", tags=["pain"]),
        )
        name = Name.objects.create(
            title="Back mouse", condition=Condition.objects.create(title="Back mice")
        )
        post, chapter = (
            PostFactory(title=DRAFT, state="draft"),
            ChapterFactory(title=DRAFT, state="draft"),
        )
        short, kept = (
            model.objects.create(title=DRAFT, body="<p>Words.</p>")
            for model in (InShort, KeptAnswer)
        )
        site, notes = SiteSettings.load(), Notes.objects.get()
        announcement = Announcement.objects.create(text="New")
        consent = Consent.objects.create(
            who="Dr A", shown_as="a colleague", given=date(2026, 1, 1), scope="All."
        )
        for each in [
            self.figure,
            person,
            reference,
            name.condition,
            name,
            post,
            chapter,
            short,
            kept,
            site,
            notes,
            announcement,
            consent,
            ReadingList(name="To read"),
            Journal(title="Journal of Lumbar Studies", abbreviation="J Lumbar Stud"),
            KeptAnswer(title="Does it go away?", page=chapter),
            GlossaryTerm(title="Fascia", meaning="A sheet."),
            LayWord(said="lump", finds="nodule"),
            AppraisalForm(name="Short form"),
            SavedSearch(name="Nodules", pubmed="nodules"),
            ExclusionReason(number=1, name="another population"),
            Study(name="A study"),
            Methods(criteria="Adults."),
        ] * 2:
            with reversion.create_revision():
                each.save()
        said = comment(
            ChapterFactory(),
            status="pending",
            writer=Writer.objects.create(),
            email="a@example.org",
        )
        actions.wait(comments=[said])
        actions.spam(comments=[said])
        OldAddress.objects.record({"/blog/old/": PostFactory()})
        Snippet.objects.create(title="Hello", text="Hello.")
        Blocked.objects.create(words="cheap")
        WordList.objects.create(kind="crisis", language="en", words="gloom")
        Email.objects.create(
            from_email="a@example.org",
            to=["b@example.org"],
            subject="S",
            message="M",
            html_message="<p>M",
        )
        apps.get_model("axes.AccessAttempt").objects.create(
            username="author", ip_address="127.0.0.1", user_agent="x", failures_since_start=6
        )
        Group.objects.create(name="Helpers")
        # In a private network: it is never asked for, whoever presses the button.
        PostFactory(body='<p><a href="http://10.0.0.1/">There</a></p>')
        ExternalLink.objects.create(url="http://10.0.0.1/", host="10.0.0.1")
        run = SearchRun.objects.create(source="LILACS", by_hand=True, state="done", on="2026-11-03")
        Hit.objects.create(run=run, key="1", title="Lumps", data=asdict(Record(title="Lumps")))
        FoundNothing.objects.create(words="gimcrack")
        Nomination.objects.create(work="Lumps", language="en", token="a")
        Digest.objects.create(since=timezone.now(), until=timezone.now())
        SiteImport.objects.create(name="site.xml", state=SiteImport.State.DONE)
        self.other = User.objects.create_user("other", password="x")
        self.gone = {
            model: self._deleted(model)
            for model in (Image, Person, Condition, type(post), type(chapter))
        }

    def _deleted(self, model):
        with reversion.create_revision():
            if model is Image:
                row = images.add(SimpleUploadedFile("b.png", picture(color=7)), title="Gone")
            else:
                row = model(**{"family" if model is Person else "title": "Gone"})
            row.save()
        row.delete()
        return Version.objects.get_deleted(model).first().pk

    def first(self, model):
        """The row of a model that stands for all; what takes one away makes its own."""
        row = self.rows.get(model) or model._default_manager.order_by("pk").first()
        self.rows[model] = row
        return row

    def address(self, route, name, user):
        """A real address of a route; None where this world has no row for it."""
        own = ("admin/account/", "admin/login/", "admin/password_change/")
        found = None if route.startswith(own) else re.match(r"admin/(\w+)/(\w+)/", route)
        model = apps.get_model(*found.groups()) if found else None
        row = self.first(model) if model else None
        if name == "account-remove":
            row = TOTP.activate(user or self.other, "JBSWY3DPEHPK3PXP").instance
        if name == "admin:references_import_preview":
            row = PendingImport.objects.create(user=user, name="x")
        if name == "admin:references_merge":
            return reverse(name, args=[ReferenceFactory().pk, ReferenceFactory().pk])
        if name == "admin:references_merge_undo":
            row = merging.merge(kept=ReferenceFactory(), gone=ReferenceFactory())
        if name == "admin:references_notice":
            row = WorkNotice.objects.create(reference=ReferenceFactory(), kind="erratum")
        if name == "admin:references_passage_to_notes":
            row = Highlight.objects.create(reference=ReferenceFactory(), quote="Lumps")
        if name == "admin:references_further_pdf":
            file = ContentFile(b"%PDF-1.4 %%EOF", "a.pdf")
            row = FurtherPdf.objects.create(reference=ReferenceFactory(), file=file)
        if model is Replacement and "<int:pk>" in route:
            row = Replacement.objects.create(user=user, find="a")
        if model is Trashed and "<int:pk>" in route:
            row = trash.put(PostFactory())
        if "draft_id" in route:
            key = get_random_string(20)
            draft = drafts.keep(
                user=user, model=model, object_id=row.pk, key=key, base="", fields={}
            )
            route = route.replace("<int:draft_id>", str(draft.pk))
        if "recover/(" in route:
            if model not in self.gone:
                return None
            return "/" + re.sub(r"\^|\$", "", route).replace(r"(\d+)", str(self.gone[model]))
        if model and "history" in route and r"(\d+)" in route:
            version = Version.objects.get_for_object(row).last()
            return f"/admin/{found[1]}/{found[2]}/{row.pk}/history/{version.pk}/"
        path = re.sub(r"<[^>]*\b(object_id|pk|id)>", lambda _match: str(row.pk), route)
        path = path.replace("<int:past>", "1")  # none, which is said
        path = path.replace("(?P<url>.*)$", "no/such/page/")
        path = re.sub(r"^admin/\^\(\?P<app_label>.*", "admin/taggit/", path)
        path = "/" + re.sub(r"\^|\$", "", path)
        if "compare" in route:
            first, second = Version.objects.get_for_object(row).order_by("pk")[:2]
            path += f"?from={first.pk}&to={second.pk}"
        if name == "admin:autocomplete":
            path += "?app_label=references&model_name=authorship&field_name=person&term=a"
        if name == "admin:publishing_page_pick":
            path += f"?q={DRAFT}"
        return path


def user_of(role, model):
    """Somebody with the permissions of a role, for one model alone; None is nobody."""
    if role == "anybody":
        return None
    if role == "superuser":
        return AuthorUserFactory()
    user, _new = User.objects.get_or_create(
        username=role, defaults={"is_staff": role != "logged in"}
    )
    if role == "author":
        user.user_permissions.set(Permission.objects.all())
    elif role in ("view", "change"):
        opts = apps.get_model(model)._meta if model else None
        wanted = (
            [get_permission_codename(action, opts) for action in ROLES[role] & {"view", "change"}]
            if model
            else []
        )
        app = opts.app_label if model else ""
        pages = Permission.objects.filter(codename="publish_pages" if role == "change" else "")
        user.user_permissions.set(
            Permission.objects.filter(codename__in=wanted, content_type__app_label=app) | pages
        )
    return user


class Writes:
    """What a request writes; who is logged in aside."""

    def __enter__(self):
        self.found = []
        self._wrapper = connection.execute_wrapper(self._seen)
        self._wrapper.__enter__()
        return self.found

    def __exit__(self, *args):
        self._wrapper.__exit__(*args)

    def _seen(self, execute, sql, params, many, context):
        if re.match(r"\s*(INSERT|UPDATE|DELETE)\b", sql, re.I) and "django_session" not in sql:
            self.found.append(sql[:200])
        return execute(sql, params, many, context)


def rows():
    """Everything the database holds, but for who is logged in."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label != "sessions"
    ]
    return {model: sorted(map(str, model._base_manager.values())) for model in models}


def is_refused(response, name):
    """Sent to log in, or told that there is nothing here."""
    to = response.get("Location", "")
    return (
        response.status_code in (401, 403, 404, 405)
        or to.startswith("/admin/login/")
        or (to == "/admin/" and name.endswith("logout"))
    )


NOTED = 'INSERT INTO "comments_access"'


def ask(client, method, address):
    """The answer, and what was written for it, but that somebody looked."""
    with Writes() as written:
        response = getattr(client, method)(address)
    if response.streaming:
        response.getvalue()
    return response, [sql for sql in written if NOTED not in sql]


def is_shown(response):
    return response._request.method == "GET" and response._request.user.is_superuser


def is_news(role, needs):
    """Whether somebody is refused here, or gets more than who has one permission less."""
    before = dict(zip(list(ROLES)[1:], ROLES, strict=False)).get(role)
    here = [may(role, need) for need in needs[:2]]
    return not any(here) or before is None or here != [may(before, need) for need in needs[:2]]


def checked(role, route, name, needs, client, address):
    """What is wrong with how one address answers one role."""
    opens, writes, _model = needs
    allowed, faults = may(role, opens), []
    for method in ("get", "head") if role == "staff" else ("get",):
        response, written = ask(client, method, address)
        # The last address is that of what is none.
        good = is_refused(response, name) != allowed or (
            "?P<url>" in route and response.status_code == 404
        )
        if not good or response.status_code >= 500:
            faults.append(
                f"{method} {address}: {response.status_code} {response.get('Location', '')}"
            )
        if written and "recover" not in route and "history" not in route:
            faults.append(f"{method} {address} writes: {written[:2]}")
        if not response.streaming and DRAFT in str(response.content) and not allowed:
            faults.append(f"{method} {address} tells of a draft")
    allowed = may(role, writes) or (writes is None and allowed)
    response, written = ask(client, "post", address)
    refused = is_refused(response, name)
    if response.status_code >= 500 or (refused if may(role, writes) else not (refused or allowed)):
        faults.append(f"post {address}: {response.status_code} {response.get('Location', '')}")
    if written and not may(role, writes):
        faults.append(f"post {address} writes: {written[:2]}")
    return faults


@pytest.mark.django_db
@pytest.mark.parametrize(
    "roles",
    [
        ["superuser"],
        pytest.param(
            [role for role in ROLES if role != "superuser"],
            marks=pytest.mark.once("whoever may see a page asks for the same"),
        ),
    ],
    ids=["who may do everything", "all others"],
)
def test_each_role_gets_what_the_list_says(monkeypatch, roles):
    world, faults = World(), []
    # What the pages hold is for other tests: each is put together once, for who sees most.
    real = SimpleTemplateResponse.rendered_content.fget
    shown = property(lambda each: real(each) if is_shown(each) else DRAFT)
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", shown)
    around = admin.site.each_context
    monkeypatch.setattr(
        admin.site,
        "each_context",
        lambda request: around(request) if request.user.is_superuser else {},
    )
    known, who = {}, auth.get_user

    def same_user(request):
        """Who is logged in, looked up once: with the permissions found then."""
        key = request.session.session_key
        if key not in known:
            known[key] = who(request)
        return known[key]

    monkeypatch.setattr(auth, "get_user", same_user)
    monkeypatch.setattr(
        logging.root.manager, "disable", logging.ERROR
    )  # a refusal is told with its whole way
    for role in roles:
        client, model = Client(raise_request_exception=False), None
        for route, name, needs in sorted(DESK, key=lambda row: row[2][2]):
            if needs[2] != model or not needs[2]:  # one of those without a model logs out
                model = needs[2]
                user = user_of(role, model)
                known.clear()
                if user:
                    client.force_login(user)
            if role != "superuser" and not is_news(role, needs):
                continue
            address = world.address(route, name, user or world.other)
            if address is not None:
                found = resolve(address.partition("?")[0])
                assert found.view_name == name or not name.rpartition(":")[2], (
                    f"{address} is not {route}"
                )
                faults += [
                    f"{role}: {fault}"
                    for fault in checked(role, route, name, needs, client, address)
                ]
    assert faults == [], "\n".join(faults)


@pytest.mark.django_db
def test_looking_at_earlier_versions_and_at_what_is_gone_changes_nothing():
    """They are brought back to be shown, and taken away again."""
    world, client = World(), Client()
    client.force_login(AuthorUserFactory())
    before = rows()
    for route, name, _needs in DESK:
        if "recover" in route or "history" in route:
            address = world.address(route, name, world.other)
            assert address is None or client.get(address).status_code in (200, 302, 403)
    assert rows() == before


@pytest.mark.django_db
def test_a_version_of_another_kind_of_page_is_not_brought_back():
    World()
    post, chapter = (
        apps.get_model("blog.Post").objects.first(),
        apps.get_model("review.Chapter").objects.first(),
    )
    version = Version.objects.get_for_object(chapter).last()
    Version.objects.filter(pk=version.pk).update(
        object_id=post.pk
    )  # numbers are the same soon enough
    user = user_of("change", "blog.post")
    client = Client()
    client.force_login(user)
    assert (
        client.get(reverse("admin:blog_post_revision", args=[post.pk, version.pk])).status_code
        == 404
    )
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="blog"))
    gone = World.__new__(World)._deleted(Person)
    assert client.get(reverse("admin:blog_post_recover", args=[gone])).status_code == 302
    assert not Person.objects.filter(family="Gone").exists()


@pytest.mark.django_db
def test_drafts_are_offered_for_a_link_to_those_alone_who_may_see_them(client):
    PostFactory(title=f"{DRAFT}: post", state="draft")
    ChapterFactory(title=f"{DRAFT}: chapter", state="draft")
    client.force_login(user_of("view", "blog.post"))
    found = client.get(reverse("admin:publishing_page_pick"), {"q": DRAFT}).json()["pages"]
    assert [each["title"] for each in found] == [f"{DRAFT}: post"]


@pytest.mark.django_db
def test_a_row_leads_nobody_to_its_page_by_number(author_client):
    kind = Permission.objects.get(codename="view_post").content_type_id
    assert author_client.get(f"/admin/r/{kind}/{PostFactory(state='draft').pk}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_no_address_is_asked_by_any_other_method(method, author):
    client = Client()
    client.force_login(author)
    for path in (
        "/",
        "/admin/",
        "/admin/blog/post/",
        "/comments/preview/",
        "/healthz",
        "/no/such/page/",
    ):
        assert getattr(client, method)(path).status_code == 405


@pytest.mark.django_db
def test_the_one_row_of_settings_is_made_by_saving_it(author_client):
    for name in ("publishing_sitesettings", "comments_desksettings"):
        page = author_client.get(reverse(f"admin:{name}_changelist"), follow=True)
        assert page.status_code == 200
    assert not SiteSettings.objects.exists()
    assert not DeskSettings.objects.exists()
    data = {"notify": "never", "address": "", "language": "ca"}
    assert (
        author_client.post(
            reverse("admin:comments_desksettings_change", args=[1]), data
        ).status_code
        == 302
    )
    assert DeskSettings.load().language == "ca"


@pytest.mark.django_db
class TestSubjectsAtTheDesk:
    def test_a_new_one_gets_an_address(self, author_client):
        assert (
            author_client.post("/admin/taggit/tag/add/", {"name": "🐭", "slug": ""}).status_code
            == 302
        )
        assert Tag.objects.get().slug == "mouse-face"

    def test_a_name_there_is_already_is_refused_whatever_its_capitals(self, author_client):
        tag = Tag.objects.create(name="Método")
        assert (
            "already"
            in author_client.post(
                "/admin/taggit/tag/add/", {"name": "MÉTODO", "slug": "x"}
            ).content.decode()
        )
        own = author_client.post(
            f"/admin/taggit/tag/{tag.pk}/change/", {"name": "MÉTODO", "slug": "metodo"}
        )
        assert own.status_code == 302
        tag.refresh_from_db()
        assert (tag.name, tag.slug) == ("MÉTODO", "metodo")


@pytest.mark.django_db
def test_a_mail_is_read_and_neither_sent_again_nor_changed(author_client):
    mail = Email.objects.create(
        from_email="a@example.org",
        to=["b@example.org"],
        subject="Subject",
        message="Plain words",
        html_message="<b>x</b>",
    )
    html = author_client.get(f"/admin/post_office/email/{mail.pk}/change/").content.decode()
    assert "Plain words" in html
    assert "resend" not in html.lower()
    assert author_client.get(f"/admin/post_office/email/{mail.pk}/resend/").status_code in (
        302,
        404,
    )
    mail.refresh_from_db()
    assert mail.status is None
