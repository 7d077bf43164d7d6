"""Pictures: what is taken, what is refused and why, and what is left behind."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow
from PIL import ImageCms, ImageDraw, PngImagePlugin

from publishing import images, tasks
from publishing.models import Image

from ..factories import ChapterFactory, PostFactory

pytestmark = pytest.mark.django_db
UPLOAD = reverse("admin:publishing_image_upload")
NO_SOURCE = {"source-TOTAL_FORMS": 0, "source-INITIAL_FORMS": 0}


def picture(kind="PNG", size=(40, 30), mode="RGB", **options):
    out = io.BytesIO()
    Pillow.new(mode, size, options.pop("color", 120)).save(out, kind, **options)
    return out.getvalue()


def upload(data, name="sacrum.png", content_type="image/png"):
    return SimpleUploadedFile(name, data, content_type)


def drawing(ground="white", ink="black"):
    page = Pillow.new("RGB", (300, 200), ground)
    ImageDraw.Draw(page).ellipse((60, 40, 240, 160), outline=ink, width=4)
    return page


def test_a_drawing_is_told_from_a_photograph():
    assert images.is_line_drawing(drawing())
    assert images.is_line_drawing(drawing(ink="#861a33"))
    hatched = drawing()
    for across in range(0, 300, 10):
        ImageDraw.Draw(hatched).line((across, 0, across + 60, 200), fill="black", width=1)
    assert images.is_line_drawing(hatched)
    for other in (
        drawing(ground="#606060"),
        Pillow.linear_gradient("L").convert("RGB"),
        Pillow.effect_noise((200, 200), 90).convert("RGB"),
        Pillow.new("RGB", (200, 200), "#b03060"),
    ):
        assert not images.is_line_drawing(other)


def test_a_drawing_says_so_where_it_is_shown(author_client):
    out = io.BytesIO()
    drawing().save(out, "PNG")
    author_client.post(UPLOAD, {"file": upload(out.getvalue()), "alt": "A lump"})
    image = Image.objects.get()
    assert image.line_drawing
    body = f'<figure class="figure"><img src="{image.get_absolute_url()}" alt=""></figure>'
    assert 'class="drawn"' in ChapterFactory(body=body).body_html


def kept(image):
    with default_storage.open(image.file.name) as file:
        return file.read()


@pytest.mark.parametrize(
    ("kind", "extension"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")]
)
def test_the_four_formats_are_taken_and_written_anew(kind, extension):
    data = picture(kind)
    image = images.add(upload(data, "anything.bin"))
    assert image.file.name.endswith(f".{extension}")
    assert (image.width, image.height) == (40, 30)
    assert Pillow.open(io.BytesIO(kept(image))).size == (40, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_taken(mode):
    image = images.add(upload(picture("PNG", mode=mode, color=1 if mode == "1" else 0)))
    assert Pillow.open(io.BytesIO(kept(image))).size == (40, 30)


def test_a_grey_picture_of_sixteen_bits_keeps_its_greys():
    image = images.add(upload(picture("PNG", mode="I;16", color=32768)))
    grey = Pillow.open(io.BytesIO(kept(image))).convert("L").getpixel((5, 5))
    assert 120 <= grey <= 136


def test_a_transparent_picture_stays_transparent():
    image = images.add(upload(picture("PNG", mode="RGBA", color=(10, 20, 30, 0))))
    assert Pillow.open(io.BytesIO(kept(image))).convert("RGBA").getpixel((3, 3))[3] == 0


def test_a_print_picture_in_cmyk_is_taken():
    assert images.add(upload(picture("JPEG", mode="CMYK", color=(0, 0, 0, 0)))).file.name.endswith(
        ".jpg"
    )


def test_a_phone_picture_with_a_second_one_behind_it_is_a_jpeg():
    out = io.BytesIO()
    first, second = Pillow.new("RGB", (60, 40), "red"), Pillow.new("RGB", (60, 40), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    image = images.add(upload(out.getvalue(), "phone.jpg"))
    assert image.file.name.endswith(".jpg")
    assert len(kept(image)) < len(out.getvalue())


def test_a_long_name_and_its_folders_give_a_short_title():
    assert images.add(upload(picture(), "../../etc/IMG_left-side.png")).title == "IMG left side"


def test_names_are_random():
    names = {images.add(upload(picture())).file.name for _ in range(3)}
    assert len(names) == 3
    assert not any("sacrum" in name for name in names)


def test_place_and_camera_are_taken_out():
    exif = Pillow.Exif()
    exif[0x010F] = "Camera of Dr Example"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (41.0, 23.0, 0.0)
    data = picture("JPEG", exif=exif.tobytes(), comment=b"<script>alert(1)</script>")
    assert b"Camera of" in data
    saved = kept(images.add(upload(data)))
    assert b"Camera of" not in saved
    assert b"<script" not in saved
    assert not Pillow.open(io.BytesIO(saved)).getexif()


def test_a_picture_taken_sideways_stands_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6
    image = images.add(upload(picture("JPEG", size=(40, 30), exif=exif.tobytes())))
    assert (image.width, image.height) == (30, 40)


def test_a_colour_profile_is_applied_and_left_behind():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    saved = kept(images.add(upload(picture("JPEG", icc_profile=profile))))
    assert "icc_profile" not in Pillow.open(io.BytesIO(saved)).info


def test_words_inside_a_png_stay_behind():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<svg onload=alert(1)> patient 4711")
    assert b"4711" not in kept(images.add(upload(picture(pnginfo=words))))


def test_widths_for_small_screens_are_made():
    image = images.add(upload(picture(size=(1200, 600))))
    image.refresh_from_db()
    assert image.widths == [480, 960]
    with default_storage.open(images.sized(image.file.name, 480)) as file:
        assert Pillow.open(file).size == (480, 240)
    assert images.srcset(image).endswith("1200w")


def test_a_page_that_was_saved_before_them_learns_of_them(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    image = images.add(upload(picture(size=(1200, 600))))
    page = PostFactory(body=f'<figure><img src="{image.get_absolute_url()}" alt="Fat"></figure>')
    assert "srcset" not in page.body_html
    while row := tasks.claim("here"):
        tasks.do(row)
    page.refresh_from_db()
    assert "480w" in page.body_html


def test_a_drawing_in_few_colours_stays_one_when_it_is_smaller():
    drawing = Pillow.new("P", (1000, 1000))
    drawing.putpalette([0, 0, 0, 200, 30, 60, 255, 255, 255])
    for place in range(0, 1000, 7):
        drawing.paste(place % 3, (place, place, 1000, place + 5))
    out = io.BytesIO()
    drawing.save(out, "PNG")
    image = images.add(upload(out.getvalue()))
    with default_storage.open(images.sized(image.file.name, 480)) as file:
        small = Pillow.open(file)
        assert (small.mode, small.convert("RGB").getpixel((0, 0))) == ("P", (0, 0, 0))


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?>\n<svg/>',
        b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>",
    ],
)
def test_svg_and_web_pages_are_refused_with_a_reason(data):
    with pytest.raises(ValidationError, match="SVG or web page"):
        images.check(upload(data, "figure.png"))


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a/*<script>*/", b"MZ" + b"\0" * 200, b"%PDF-1.4", b"BM" + b"\0" * 100]
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ValidationError):
        images.check(upload(data))


def test_a_zip_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.png", picture())
    with pytest.raises(ValidationError, match="not a picture"):
        images.check(upload(out.getvalue()))


@pytest.mark.parametrize(
    "tail",
    [b"<?php system($_GET[0]); ?>", b"<html><script>alert(1)</script>", b"PK\x03\x04" + b"\0" * 60],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_whatever_hides_behind_a_picture_is_left_behind(kind, tail):
    image = images.add(upload(picture(kind) + tail, "x.html", "text/html"))
    assert tail not in kept(image)
    assert image.file.name.rsplit(".", 1)[1] in ("png", "jpg", "webp")


def test_a_gif_that_is_also_a_web_page_is_left_with_its_pixels():
    data = bytearray(picture("GIF"))
    data[-1:] = b"\x21\xfe\x19<script>alert(1)</script>\x00;"
    saved = kept(images.add(upload(bytes(data), "x.gif")))
    assert b"<script" not in saved


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_cut_off_picture_is_refused(kind):
    data = picture(kind, size=(300, 300))
    with pytest.raises(ValidationError):
        images.check(upload(data[: len(data) // 2]))


def test_random_damage_never_crashes():
    import random

    dice = random.Random(4)
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        whole = picture(kind, size=(64, 64))
        for _ in range(60):
            data = bytearray(whole)
            for _ in range(6):
                data[dice.randrange(8, len(data))] = dice.randrange(256)
            try:
                image = images.check(upload(bytes(data)))
            except ValidationError:
                continue
            images.store(image)


def _png_claiming(width, height):
    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [6400, 8000, 50_000])
def test_a_bomb_of_pixels_is_refused_before_it_opens(side):
    with pytest.raises(ValidationError, match="40 million pixels"):
        images.check(upload(_png_claiming(side, side)))


def test_a_file_too_heavy_is_refused_with_its_size(settings):
    settings.IMAGE_MAX_BYTES = 1_000_000
    with pytest.raises(ValidationError, match="has 2 MB; the limit is 1 MB"):
        images.check(upload(b"\0" * 1_500_000))


def test_the_editor_uploads_and_gets_the_address(author_client):
    answer = author_client.post(
        UPLOAD, {"file": upload(picture()), "alt": "A sacrum", "credit": "Drawn here"}
    )
    assert answer.status_code == 201
    data = answer.json()
    image = Image.objects.get()
    assert data["src"] == image.get_absolute_url()
    assert (data["width"], data["height"], data["alt"], data["credit"]) == (
        40,
        30,
        "A sacrum",
        "Drawn here",
    )
    assert data["title"] == "sacrum"


def test_the_editor_is_told_why_a_file_is_refused(author_client):
    answer = author_client.post(UPLOAD, {"file": upload(b"<svg/>")})
    assert answer.status_code == 400
    assert "SVG" in answer.json()["error"]
    assert author_client.post(UPLOAD).json()["error"] == "No file was sent. Choose a picture first."
    assert not Image.objects.exists()


def test_uploads_need_the_permission(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="helper", is_staff=True))
    answer = client.post(UPLOAD, {"file": upload(picture())})
    assert answer.status_code == 403
    assert "error" in answer.json()
    assert not Image.objects.exists()


def test_uploads_need_a_login_and_a_token(client, author, rf):
    assert client.post(UPLOAD, {"file": upload(picture())}).status_code == 302
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    assert strict.post(UPLOAD, {"file": upload(picture())}).status_code == 403
    assert strict.get(UPLOAD).status_code == 405
    assert not Image.objects.exists()


def test_figures_are_listed_newest_first_and_searched(author_client):
    for name in ("sacrum", "fascia", "gluteus"):
        images.add(upload(picture(), f"{name}.png"))
    address = reverse("admin:publishing_image_pick")
    assert [
        row["title"] for row in author_client.get(address + "?format=json").json()["images"]
    ] == [
        "gluteus",
        "fascia",
        "sacrum",
    ]
    assert [
        row["title"] for row in author_client.get(address + "?format=json&q=fas").json()["images"]
    ] == ["fascia"]
    page = author_client.get(address).content.decode()
    assert page.index("gluteus") < page.index("sacrum")
    assert author_client.get(address + "?page=abc").status_code == 200


def test_the_add_form_writes_the_picture_anew(author_client):
    address = reverse("admin:publishing_image_add")
    data = picture("JPEG", comment=b"<script>") + b"PK\x03\x04"
    answer = author_client.post(
        address,
        {"upload": upload(data, "left.html"), "alt": "What one sees", "title": "", **NO_SOURCE},
    )
    assert answer.status_code == 302
    image = Image.objects.get()
    assert image.title == "left"
    assert image.file.name.endswith(".jpg")
    assert b"<script>" not in kept(image)


def test_the_add_form_says_why_a_file_is_refused(author_client):
    answer = author_client.post(
        reverse("admin:publishing_image_add"), {"upload": upload(b"<svg/>"), "title": "Kept words"}
    )
    assert answer.status_code == 200
    assert b"SVG or web page" in answer.content
    assert b"Kept words" in answer.content


def test_words_of_a_figure_can_be_changed_without_its_file(author_client):
    image = images.add(upload(picture()))
    before = kept(image)
    author_client.post(
        reverse("admin:publishing_image_change", args=[image.pk]),
        {"title": "New name", "alt": "x", **NO_SOURCE},
    )
    image.refresh_from_db()
    assert image.title == "New name"
    assert kept(image) == before


def test_a_figure_in_use_cannot_be_deleted_and_says_where(author_client):
    image = images.add(upload(picture()))
    body = f'<figure class="figure"><img src="{image.get_absolute_url()}" alt="x"></figure>'
    ChapterFactory(title="On fascia", body=body)
    PostFactory(title="With a cover", cover=image)
    address = reverse("admin:publishing_image_delete", args=[image.pk])
    page = author_client.get(address).content.decode()
    assert "On fascia" in page
    assert "With a cover" in page
    author_client.post(address, {"post": "yes"})
    author_client.post(
        reverse("admin:publishing_image_changelist"),
        {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"},
    )
    assert Image.objects.filter(pk=image.pk).exists()


def test_an_unused_figure_goes_with_its_files(author_client, django_capture_on_commit_callbacks):
    image = images.add(upload(picture(size=(1000, 500))))
    with django_capture_on_commit_callbacks(execute=True):
        author_client.post(
            reverse("admin:publishing_image_delete", args=[image.pk]), {"post": "yes"}
        )
    assert not Image.objects.exists()
    assert not default_storage.exists(image.file.name)
    assert not default_storage.exists(images.sized(image.file.name, 480))
