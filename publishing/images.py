"""Pictures: accepted by what they contain, re-encoded, stripped, kept in several widths."""

import io
import re
import secrets
import struct
import zlib
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from . import tasks
from .later import later
from .richtext import records
from .richtext.sanitise import strip_control
from .storage import private

# 4 MB, for pictures that come in.
Pillow, ImageCms, ImageFile = later("PIL.Image"), later("PIL.ImageCms"), later("PIL.ImageFile")
ImageOps, features = later("PIL.ImageOps"), later("PIL.features")
FOLDER = "images"
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    TypeError,
    struct.error,
    zlib.error,
)
FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}
# Lighter than what is kept, for browsers that know them, the lightest first. A drawing must not
# blur: it is kept as it is to the last dot.
MODERN = {
    "JPEG": {"avif": {"quality": 60, "speed": 8}, "webp": {"quality": 80, "method": 4}},
    "PNG": {"webp": {"lossless": True, "method": 4}},
}
WIDEST_MODERN = 1600


def add(upload, *, title="", alt="", credit=""):
    """A new Image from an upload; ValidationError where `check()` refuses it."""
    picture = check(upload)
    values = {
        "title": (title or title_of(upload.name))[:200],
        "alt": alt[:2000],
        "credit": credit[:300],
    }
    values["line_drawing"] = is_line_drawing(picture)
    file_name, width, height, widths = store(picture, smaller=False)
    with transaction.atomic():
        image = records.of("image").create(
            file=file_name, width=width, height=height, widths=widths, **values
        )
        tasks.enqueue("publishing.image_widths", image.pk)
    return image


def is_line_drawing(picture):
    """Whether it is mostly white, with little colour: a Pillow image drawn in lines. A photograph
    shown as its negative would be wrong, a drawing shown as a white slab only ugly."""
    # Single dots of it, not their mean: fine lines that stand close would make a grey of the white.
    small = _flat(picture).resize((96, 96), Pillow.Resampling.NEAREST)
    hsv = small.convert("HSV").tobytes()
    dots = list(zip(hsv[1::3], hsv[2::3], strict=True))
    white = sum(value > 235 and saturation < 20 for saturation, value in dots)
    coloured = sum(saturation > 90 and value > 60 for saturation, value in dots)
    return white > 0.75 * len(dots) and coloured < 0.04 * len(dots)


def _flat(picture):
    """Its colours on white."""
    rgba = picture.convert("RGBA")
    ground = Pillow.new("RGBA", rgba.size, "white")
    return Pillow.alpha_composite(ground, rgba).convert("RGB")


def title_of(name):
    """“IMG_sacrum-2.jpg” → “IMG sacrum 2”."""
    stem = PurePosixPath(strip_control(name).replace("\\", "/")).stem
    return " ".join(stem.replace("_", " ").replace("-", " ").split())[:200] or _("Figure")


def check(upload):
    """The Pillow image of an upload, or a ValidationError that says in plain words why not."""
    if upload.size > settings.IMAGE_MAX_BYTES:
        raise ValidationError(
            _(
                "This picture has %(size)s MB; the limit is %(limit)s MB. Save it smaller and try"
                " again."
            )
            % {"size": upload.size // 1_000_000 + 1, "limit": settings.IMAGE_MAX_BYTES // 1_000_000}
        )
    data = upload.read()
    Pillow.MAX_IMAGE_PIXELS = settings.IMAGE_MAX_PIXELS
    # WeasyPrint sets it for the whole process; here a picture that is cut off is refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image = Pillow.open(io.BytesIO(data), formats=list(FORMATS))
        if image.width * image.height > settings.IMAGE_MAX_PIXELS:
            raise Pillow.DecompressionBombError
        image.load()
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        raise ValidationError(
            _("This picture has more than %(limit)s million pixels. Make it smaller and try again.")
            % {"limit": settings.IMAGE_MAX_PIXELS // 1_000_000}
        ) from None
    except Pillow.UnidentifiedImageError:
        if re.search(rb"<(svg|\?xml|!doctype|html|script)", data[:1024].lower()):
            raise ValidationError(
                _(
                    "This is an SVG or web page, which can carry programs. Export it as PNG and try"
                    " again."
                )
            ) from None
        raise ValidationError(_("This file is not a picture in PNG, JPEG, WebP or GIF.")) from None
    except BROKEN:
        raise ValidationError(
            _("This picture is damaged or incomplete. Save it anew and try again.")
        ) from None
    return image


def store(image, name=None, *, smaller=True):
    """Write a re-encoded picture and its smaller widths, or leave those to the task below.

    Takes a Pillow image; gives `(file name below MEDIA, width, height, widths)`. Only pixels are
    written, so metadata, appended files and anything else a polyglot carried stay behind.
    """
    # Phones write MPO: a JPEG with a second picture behind it, which stays behind.
    kind = "JPEG" if image.format == "MPO" else image.format or "PNG"
    image = _to_srgb(ImageOps.exif_transpose(image))
    stem = name or secrets.token_urlsafe(9).replace("_", "a").replace("-", "b")
    extension = FORMATS.get(kind, "png")
    if extension == "gif":
        kind, extension = "PNG", "png"
    if kind == "JPEG":
        image = image.convert("RGB")
    elif image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode not in ("RGB", "RGBA", "L", "P", "1"):
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    file_name = f"{FOLDER}/{stem}.{extension}"
    _write(image, file_name, kind)
    widths = _write_smaller(image, file_name, kind) if smaller else []
    return file_name, image.width, image.height, widths


def store_made(path):
    """The same of a file that `store` wrote once, whose smaller widths lie beside it: copied."""
    with Pillow.open(path) as image:
        width, height = image.size
    file_name = f"{FOLDER}/{path.name}"
    widths = [each for each in settings.IMAGE_WIDTHS if each < width]
    for each in (path, *(path.with_name(sized(path.name, some)) for some in widths)):
        _keep(f"{FOLDER}/{each.name}", each.read_bytes())
    return file_name, width, height, widths


@tasks.task("publishing.image_widths", short=True)
def make_smaller(pk):
    """The smaller widths of a picture that has none yet; what shows it learns of them."""

    def make(image, record):
        widths = _write_smaller(image, record.file.name, image.format)
        return {"widths": widths}, [sized(record.file.name, width) for width in widths]

    _add_files(pk, make)
    tasks.enqueue("publishing.image_modern", pk)


@tasks.task("publishing.image_modern")
def make_modern(pk):
    """The modern formats of a picture."""

    def make(image, record):
        modern = _write_modern(image, record.file.name, record.widths)
        return {"modern": modern}, _modern_names(record.file.name, modern)

    _add_files(pk, make)


def _add_files(pk, make):
    """`make(opened picture, record)` gives the record's new values and the names of its new
    files."""
    images = records.of("image")
    record = images.filter(pk=pk, withdrawn=None).first()
    if record is None or not default_storage.exists(record.file.name):
        return
    name = record.file.name
    with default_storage.open(name) as file, Pillow.open(file, formats=list(FORMATS)) as image:
        image.load()
        values, made = make(image, record)
    # It may have been replaced or withdrawn meanwhile.
    if not images.filter(pk=pk, file=name, withdrawn=None).update(**values):
        for each in made:
            default_storage.delete(each)
    elif made:
        images.get(pk=pk).show_again()


def without_modern(most):
    """The numbers of up to so many pictures whose modern formats were never made."""
    images = records.of("image").filter(modern__isnull=True, withdrawn=None)
    return list(images.order_by("pk").values_list("pk", flat=True)[:most])


def _write_modern(image, file_name, widths):
    """`{extension: [width, …]}` of those that are lighter than the file of the same width."""
    found = {}
    sizes = [*widths, *([image.width] if image.width <= WIDEST_MODERN else [])]
    for extension, options in MODERN.get(image.format, {}).items():
        if not features.check(extension):
            continue
        made = [
            width for width in sizes if _is_lighter(image, file_name, width, extension, options)
        ]
        if made:
            found[extension] = made
    return found


def _is_lighter(image, file_name, width, extension, options):
    own = sized(file_name, width) if width < image.width else file_name
    with default_storage.open(own) as file:
        data = file.read()
    with Pillow.open(io.BytesIO(data)) as same:
        same = same if same.mode in ("RGB", "RGBA", "L") else same.convert("RGBA")
        out = io.BytesIO()
        clean = Pillow.new(same.mode, same.size)
        clean.paste(same)
        clean.save(out, extension.upper(), **options)
    if len(out.getvalue()) >= len(data):
        return False
    _keep(sized(file_name, width, extension), out.getvalue())
    return True


def _write_smaller(image, file_name, kind):
    widths = [width for width in settings.IMAGE_WIDTHS if width < image.width]
    for width in widths:
        _write(_smaller(image, width), sized(file_name, width), kind)
    return widths


def _smaller(image, width):
    """A drawing in few colours stays one: in full colours its smaller widths would be heavier than
    itself."""
    size = (width, max(1, round(image.height * width / image.width)))
    if image.mode != "P":
        return image.resize(size, Pillow.Resampling.LANCZOS)
    if "transparency" in image.info:
        return image.convert("RGBA").resize(size, Pillow.Resampling.LANCZOS)
    colours = 64 if len(image.getcolors()) <= 64 else 256
    return (
        image.convert("RGB")
        .resize(size, Pillow.Resampling.LANCZOS)
        .quantize(colours, dither=Pillow.Dither.NONE)
    )


def _to_srgb(image):
    """Colours as meant: the profile goes with the other metadata, so its work is done now."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGB" if image.mode == "CMYK" else image.mode
        return ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _write(image, name, kind):
    clean = Pillow.new(image.mode, image.size)
    if image.mode == "P":
        clean.putpalette(image.getpalette() or [])
        if "transparency" in image.info:
            clean.info["transparency"] = image.info["transparency"]
    clean.paste(image)
    out = io.BytesIO()
    options = {
        "PNG": {"optimize": True},
        "JPEG": {"quality": 85, "progressive": True},
        "WEBP": {"quality": 85},
    }
    clean.save(out, kind, **options[kind])
    _keep(name, out.getvalue())


def _keep(name, data):
    """In the place of what is there."""
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


def sized(file_name, width, extension=""):
    """`images/a.png` → `images/a-960.png`, or `images/a-960.webp`."""
    path = PurePosixPath(file_name)
    return str(path.with_name(f"{path.stem}-{width}.{extension or path.suffix[1:]}"))


def _modern_names(file_name, modern):
    return [
        sized(file_name, width, extension)
        for extension, widths in (modern or {}).items()
        for width in widths
    ]


def small(record):
    """Address of the smallest width kept, for lists."""
    return settings.MEDIA_URL + (
        sized(record.file.name, min(record.widths)) if record.widths else record.file.name
    )


def names(record):
    """The names of all its files, below MEDIA."""
    name = record.file.name
    smaller = (sized(name, width) for width in record.widths)
    return [name, *smaller, *_modern_names(name, record.modern)]


def remove(record, kept=()):
    """Take a picture's files away, and those `kept` in the private folder."""
    for name in names(record):
        default_storage.delete(name)
    for name in kept:
        private().delete(name)


def fill(node):
    """Give an `<img>` of ours its file of now, its size, its widths and lazy loading; gives the
    record, looked up by file name, or None."""
    from_media = node.get("src", "").removeprefix(settings.MEDIA_URL)
    record = record_of(from_media)
    node.set("loading", "lazy")
    node.set("decoding", "async")
    if record is None or record.withdrawn:
        return record
    node.set("src", record.get_absolute_url())
    if record.line_drawing:
        node.set("class", "drawn")
    node.set("width", str(record.width))
    node.set("height", str(record.height))
    if record.widths:
        node.set("srcset", srcset(record))
        node.set("sizes", SIZES)
    return record


SIZES = "(min-width: 40em) 36rem, 94vw"


def modern_sources(record):
    """`[(media type, srcset)]` of its modern formats, the lightest first."""
    return [
        (
            f"image/{extension}",
            ", ".join(
                f"{settings.MEDIA_URL}{sized(record.file.name, width, extension)} {width}w"
                for width in widths
            ),
        )
        for extension, widths in (record.modern or {}).items()
    ]


_OURS = re.compile(rf"{re.escape(settings.MEDIA_URL)}({FOLDER}/[\w.-]+)")


def with_files_of_now(html):
    """A text whose pictures are shown from the files they have now; where a file was replaced its
    text still holds the name of before."""
    found = set(_OURS.findall(html))
    past = records.of("image file").filter(name__in=found) if found else ()
    now = {row.name: row.image.file.name for row in (past and past.select_related("image"))}
    if not now:
        return html
    return _OURS.sub(lambda each: settings.MEDIA_URL + now.get(each[1], each[1]), html)


def srcset(record):
    sources = [(sized(record.file.name, width), width) for width in record.widths]
    return ", ".join(
        f"{settings.MEDIA_URL}{name} {width}w"
        for name, width in [*sources, (record.file.name, record.width)]
    )


def record_of(file_name):
    """The Image whose file this is, or was before it was replaced; None where there is none."""
    found = records.of("image").filter(file=file_name).first()
    if found is None and file_name.startswith(f"{FOLDER}/"):
        past = records.of("image file").filter(name=file_name)
        row = past.select_related("image").first()
        found = row and row.image
    return found
