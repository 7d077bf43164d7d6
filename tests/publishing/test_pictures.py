"""A picture is replaced or withdrawn on every page at once; what it lacks is named; it is light."""

import io
import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow

from publishing import images, pictures
from publishing.desk import trash
from publishing.models import Consent, Image, ImageFile, NextVersion, SiteSettings, Trashed
from publishing.models.next_versions import key_of
from publishing.storage import private
from references.models import FigureSource
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

from .desk.test_next_version import following, keep_next
from .test_images import NO_SOURCE, picture, upload

pytestmark = pytest.mark.django_db
NOTICE = "This picture was withdrawn."


def run(capture, work):
    with capture(execute=True):
        return work()


@pytest.fixture
def image():
    return images.add(upload(picture("PNG", size=(600, 400), color=(200, 30, 30))), alt="A nodule")


def shown(image, caption="As seen"):
    return (
        f'<figure class="figure"><img src="{image.get_absolute_url()}" alt="A nodule">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def source(page):
    html = Client().get(page.get_absolute_url()).content.decode()
    return re.search(r'<img[^>]* src="(/media/[^"]+)"', html)[1]


def served(image_or_name):
    name = getattr(image_or_name, "file", image_or_name)
    answer = Client().get(settings.MEDIA_URL + str(name))
    if answer.streaming:
        assert b"".join(answer)  # and so the file is closed
    return answer.status_code


def edit(image, what, *args):
    return reverse(f"admin:publishing_image_{what}", args=[image.pk, *args])


class TestReplacing:
    def test_every_page_shows_the_new_file_and_texts_stay_as_they_are(
        self, author_client, image, django_capture_on_commit_callbacks
    ):
        post, chapter = (
            PostFactory(body=shown(image)),
            ChapterFactory(body=shown(image), cover=image),
        )
        body, before = post.body, image.file.name
        new = upload(picture("PNG", size=(500, 300), color=(10, 10, 200)), "new.png")
        run(
            django_capture_on_commit_callbacks,
            lambda: author_client.post(edit(image, "replace"), {"upload": new}),
        )
        image = Image.objects.get()
        assert image.file.name != before
        assert (image.width, image.height) == (500, 300)
        assert source(post) == source(chapter) == image.get_absolute_url()
        post.refresh_from_db()
        assert post.body == body, "old versions and texts go on meaning the picture"
        assert served(image) == 200
        assert served(before) == 404
        assert image.used_in(), "by the name of before"
        form = author_client.get(reverse("admin:blog_post_change", args=[post.pk]))
        assert image.get_absolute_url() in form.content.decode()

    def test_the_file_of_before_can_be_shown_again_and_again(
        self, author_client, image, django_capture_on_commit_callbacks
    ):
        post, before = PostFactory(body=shown(image)), image.file.name
        run(
            django_capture_on_commit_callbacks,
            lambda: pictures.replace(image=image, picture=images.check(upload(picture()))),
        )
        after = Image.objects.get().file.name
        for now, then in ((before, after), (after, before)):
            past = ImageFile.objects.get()
            page = author_client.get(edit(image, "replace")).content.decode()
            assert "Show this one again" in page
            run(
                django_capture_on_commit_callbacks,
                lambda past=past: author_client.post(edit(image, "undo", past.pk)),
            )
            assert source(post) == settings.MEDIA_URL + now
            assert (served(now), served(then)) == (200, 404)

    def test_what_is_no_picture_is_refused_and_nothing_changes(self, author_client, image):
        answer = author_client.post(edit(image, "replace"), {"upload": upload(b"<svg/>")})
        assert "SVG or web page" in answer.content.decode()
        assert not ImageFile.objects.exists()

    def test_its_files_go_after_their_time_and_the_name_stays(
        self, image, django_capture_on_commit_callbacks
    ):
        post = PostFactory(body=shown(image))
        run(
            django_capture_on_commit_callbacks,
            lambda: pictures.replace(image=image, picture=images.check(upload(picture()))),
        )
        kept = list(ImageFile.objects.get().kept.values())
        assert all(private().exists(name) for name in kept)
        assert pictures.purge(timezone.now() + timedelta(days=settings.TRASH_DAYS + 1)) == 1
        assert not any(private().exists(name) for name in kept)
        post.rerender()
        assert source(post) == Image.objects.get().get_absolute_url()

    def test_it_goes_to_the_trash_with_all_its_files(
        self, image, django_capture_on_commit_callbacks
    ):
        work = ReferenceFactory()
        FigureSource.objects.create(image=image, reference=work, page="p. 3")
        for what in (
            lambda: pictures.replace(image=image, picture=images.check(upload(picture()))),
            lambda: trash.put(Image.objects.get()),
        ):
            run(django_capture_on_commit_callbacks, what)
        assert not Image.objects.exists()
        run(django_capture_on_commit_callbacks, lambda: trash.restore(Trashed.objects.get()))
        image = Image.objects.get()
        assert served(image) == 200
        assert image.source.page == "p. 3"
        assert all(private().exists(name) for name in image.past.get().kept.values())


class TestWithdrawing:
    @pytest.fixture
    def everywhere(self, image):
        SiteSettings.objects.update_or_create(pk=1, defaults={"front_figure": image})
        post = PostFactory(title="In the blog", body=shown(image), cover=image)
        return [post, ChapterFactory(title="In the review", body=shown(image), cover=image)]

    def withdraw(self, client, capture, image):
        assert "Withdraw “sacrum”?" in client.get(edit(image, "withdraw")).content.decode()
        run(capture, lambda: client.post(edit(image, "withdraw")))

    def test_no_door_shows_it_and_its_file_is_not_served(
        self, author_client, image, everywhere, django_capture_on_commit_callbacks
    ):
        names = images.names(image)
        self.withdraw(author_client, django_capture_on_commit_callbacks, image)
        stem = image.file.name.rpartition("/")[2].partition(".")[0]
        client = Client()
        for page in everywhere:
            html = client.get(page.get_absolute_url()).content.decode()
            assert NOTICE in html
            assert stem not in html
            assert "A nodule" not in html, "nor what one saw"
            assert "As seen" in html, "her own words stay"
        for address in ("/", "/blog/", "/feed.atom", "/review/feed.atom", "/blog/feed.atom"):
            assert stem not in client.get(address).content.decode(), address
        preview = reverse("admin:blog_post_preview", args=[everywhere[0].pk])
        assert stem not in author_client.get(preview).content.decode()
        assert [served(name) for name in names] == [404] * len(names)
        assert not any(default_storage.exists(name) for name in names)
        pick = reverse("admin:publishing_image_pick")
        assert not author_client.get(pick, {"format": "json"}).json()["images"]

    def test_cards_that_held_it_are_gone(
        self, author_client, image, everywhere, django_capture_on_commit_callbacks
    ):
        html = Client().get(everywhere[1].get_absolute_url()).content.decode()
        card = re.search(r"/cards/[\w./-]+\.png", html)[0]
        assert Client().get(card).status_code == 200
        assert default_storage.listdir("cards")[1]
        self.withdraw(author_client, django_capture_on_commit_callbacks, image)
        assert not default_storage.listdir("cards")[1]
        assert Client().get(card).status_code == 302, "the card of now is another one"

    def test_it_can_be_put_back(
        self, author_client, image, everywhere, django_capture_on_commit_callbacks
    ):
        self.withdraw(author_client, django_capture_on_commit_callbacks, image)
        page = author_client.get(edit(image, "change")).content.decode()
        assert "Put it back" in page
        run(
            django_capture_on_commit_callbacks,
            lambda: author_client.post(edit(image, "put_back")),
        )
        assert source(everywhere[0]) == image.get_absolute_url()
        assert served(image) == 200

    def test_a_patient_who_takes_the_consent_back_takes_the_picture_away(
        self, author_client, image, everywhere, django_capture_on_commit_callbacks
    ):
        consent = Consent.objects.create(
            who="A. B.", shown_as="a patient", given=date(2026, 1, 2), scope="a picture"
        )
        Image.objects.update(consent=consent)

        def take_back():
            consent.withdrawn = date(2026, 5, 3)
            consent.save()

        run(django_capture_on_commit_callbacks, take_back)
        assert NOTICE in Client().get(everywhere[0].get_absolute_url()).content.decode()
        assert served(image) == 404
        author_client.post(edit(image, "put_back"))
        assert Image.objects.get().withdrawn == date(2026, 5, 3), "it stays away"

    def test_while_it_is_withdrawn_a_new_file_stays_hidden_too(
        self, author_client, image, everywhere, django_capture_on_commit_callbacks
    ):
        self.withdraw(author_client, django_capture_on_commit_callbacks, image)
        run(
            django_capture_on_commit_callbacks,
            lambda: pictures.replace(image=image, picture=images.check(upload(picture()))),
        )
        image = Image.objects.get()
        assert served(image) == 404
        assert NOTICE in Client().get(everywhere[0].get_absolute_url()).content.decode()


class TestWhatItLacks:
    def test_each_thing_is_named_and_decoration_needs_no_description(self, image):
        Image.objects.update(alt="")
        image = Image.objects.get()
        assert image.missing() == ["description", "credit", "licence"]
        image.decorative, image.credit, image.licence = True, "Me", "With permission"
        image.save()
        assert image.missing() == ["who gave permission, and when"]
        assert list(Image.objects.incomplete()) == [image]
        image.permission_by, image.permission_given = "The publisher", date(2026, 1, 2)
        image.save()
        assert not image.missing()
        assert not Image.objects.incomplete()

    def test_they_are_named_on_the_form_before_the_page_is_public_and_after(
        self, author_client, image
    ):
        post = PostFactory(state="draft", body=shown(image))
        page = author_client.get(reverse("admin:blog_post_change", args=[post.pk]))
        assert "Figures here that lack something:" in page.content.decode()
        assert edit(image, "change") in page.content.decode()
        done = {"action": "publish", "_selected_action": post.pk}
        page = author_client.post(reverse("admin:blog_post_changelist"), done, follow=True)
        assert "sacrum</a> (credit, licence)" in page.content.decode()

    def test_the_library_finds_incomplete_unused_and_by_licence(self, author_client, image):
        used = images.add(upload(picture(), "used.png"), alt="x", credit="Me")
        cover = images.add(upload(picture(), "cover.png"), alt="x", credit="Me")
        nxt = images.add(upload(picture(), "next.png"), alt="x", credit="Me")
        Image.objects.exclude(pk=image.pk).update(licence="CC BY 4.0")
        post = PostFactory(body=shown(used), cover=cover)
        NextVersion.objects.create(**key_of(post), fields={"body": [shown(nxt)]})

        def found(query):
            page = author_client.get(reverse("admin:publishing_image_changelist") + query)
            return {each.title for each in page.context["cl"].result_list}

        assert found("?todo=incomplete") == {"sacrum"}
        assert found("?use=unused") == {"sacrum"}
        assert found("?use=used") == {"used", "cover", "next"}
        assert found("?licence=CC+BY+4.0") == {"used", "cover", "next"}
        assert found("?licence=-") == {"sacrum"}

    def test_one_that_a_next_version_shows_cannot_be_deleted(self, author_client, image):
        post = PostFactory()
        keep_next(author_client, post, body=shown(image))
        assert image.used_in() == [post]
        html = author_client.get(following(post)).content.decode()
        assert "Figures here that lack something:" in html

    def test_a_point_that_matters_takes_both_numbers(self, author_client, image):
        words = {"title": "x", "alt": "y", "focus_x": "30", **NO_SOURCE}
        page = author_client.post(edit(image, "change"), words)
        assert "Give both numbers" in page.content.decode()
        author_client.post(edit(image, "change"), words | {"focus_y": "82"})
        assert Image.objects.get().focus == (30, 82)
        PostFactory(cover=image)
        assert 'class="cover cropped fx30 fy80"' in Client().get("/blog/").content.decode()


class TestSeveral:
    def test_several_are_added_at_once_and_each_refused_one_is_named(self, author_client):
        files = [upload(picture(), "a.png"), upload(b"<svg/>", "b.svg"), upload(picture(), "c.png")]
        page = author_client.post(
            reverse("admin:publishing_image_several"), {"files": files}, follow=True
        ).content.decode()
        assert "2 figures added." in page
        assert "B.svg: This is an SVG or web page" in page
        assert {each.title for each in Image.objects.all()} == {"a", "c"}

    def test_the_dialog_describes_a_figure_for_every_page_to_come(self, author_client, image):
        address = reverse("admin:publishing_image_describe")
        words = {"id": image.pk, "alt": "", "decorative": "1", "caption": "A cap",
                 "credit": "Dr Ott", "licence": "CC BY 4.0"}  # fmt: skip
        row = author_client.post(address, words).json()
        assert (row["decorative"], row["caption"], row["licence"]) == (True, "A cap", "CC BY 4.0")
        assert Image.objects.get().credit == "Dr Ott"
        answer = author_client.post(address, words | {"alt": "A nodule"})
        assert answer.status_code == 400
        assert "It has a description" in answer.json()["error"]


class TestModernFormats:
    def photograph(self):
        out = io.BytesIO()
        noise = Pillow.effect_noise((1000, 100), 40).convert("RGB")
        noise.save(out, "JPEG", quality=92)
        return upload(out.getvalue(), "photo.jpg", "image/jpeg")

    @pytest.mark.once("about files")
    def test_a_photograph_is_offered_lighter_and_every_file_is_there(self):
        image = images.add(self.photograph())
        images.make_smaller(image.pk)
        images.make_modern(image.pk)
        image = Image.objects.get()
        assert image.widths == [480, 960]
        assert image.modern["avif"] == [480, 960, 1000]
        post = PostFactory(body=shown(image))
        html = Client().get(post.get_absolute_url()).content.decode()
        sources = re.findall(r'<source type="(image/\w+)" srcset="([^"]+)"', html)
        assert "</source>" not in html
        assert sources[0][0] == "image/avif"
        for _kind, widths in sources:
            for each in widths.split(", "):
                assert served(each.split()[0].removeprefix(settings.MEDIA_URL)) == 200
        for name in images.names(image):
            assert default_storage.size(name) <= default_storage.size(image.file.name)
        feed = Client().get("/blog/feed.atom").content.decode()
        assert "photo" not in feed
        assert "&lt;source" not in feed, "elsewhere the file every reader knows"

    def test_a_drawing_stays_sharp_and_what_is_not_lighter_is_not_kept(self, image):
        images.make_modern(image.pk)
        image = Image.objects.get()
        assert set(image.modern) <= {"webp"}
        for width in image.modern.get("webp", ()):
            name = images.sized(image.file.name, width, "webp")
            with default_storage.open(name) as file:
                assert Pillow.open(file).convert("RGB").getpixel((5, 5)) == (200, 30, 30)

    def test_pictures_of_before_get_theirs(self, image):
        Image.objects.update(modern=None)
        assert images.without_modern(5) == [image.pk]
        Image.objects.update(modern={})
        assert images.without_modern(5) == []
