"""Pictures: accepted by what they contain, re-encoded, stripped, kept in several widths."""

import io
import secrets
from pathlib import PurePosixPath

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

FOLDER = "images"
FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "GIF": "gif"}


def check(upload):
    """The Pillow image of an upload, or a ValidationError that says in plain words why not."""
    if upload.size > settings.IMAGE_MAX_BYTES:
        raise ValidationError(
            _("This picture has %(size)s MB; the limit is %(limit)s MB. Save it smaller and try again.")
            % {"size": upload.size // 1_000_000 + 1, "limit": settings.IMAGE_MAX_BYTES // 1_000_000}
        )
    data = upload.read()
    head = data[:512].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")) or b"<svg" in head:
        raise ValidationError(_("This is an SVG or web page, which can carry programs. Export it as PNG and try again."))
    Pillow.MAX_IMAGE_PIXELS = settings.IMAGE_MAX_PIXELS
    try:
        image = Pillow.open(io.BytesIO(data), formats=list(FORMATS))
        if image.width * image.height > settings.IMAGE_MAX_PIXELS:
            raise Pillow.DecompressionBombError
        image.load()
    except Pillow.DecompressionBombError:
        raise ValidationError(
            _("This picture has more than %(limit)s million pixels. Make it smaller and try again.")
            % {"limit": settings.IMAGE_MAX_PIXELS // 1_000_000}
        ) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise ValidationError(_("This file is not a picture in PNG, JPEG, WebP or GIF, or it is damaged.")) from None
    return image


def store(image, name=None):
    """Write a re-encoded picture and its smaller widths.

    Takes a Pillow image; gives `(file name below MEDIA, width, height, widths)`. Only pixels are written, so
    metadata, appended files and anything else a polyglot carried stay behind.
    """
    kind = image.format or "PNG"
    image = ImageOps.exif_transpose(image)
    stem = name or secrets.token_urlsafe(9).replace("_", "a").replace("-", "b")
    extension = FORMATS.get(kind, "png")
    if extension == "gif":
        kind, extension = "PNG", "png"
    if kind == "JPEG":
        image = image.convert("RGB")
    elif image.mode not in ("RGB", "RGBA", "L", "P", "1"):
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    file_name = f"{FOLDER}/{stem}.{extension}"
    _write(image, file_name, kind)
    widths = [width for width in settings.IMAGE_WIDTHS if width < image.width]
    for width in widths:
        mode = image if image.mode != "P" else image.convert("RGBA" if "transparency" in image.info else "RGB")
        small = mode.resize((width, max(1, round(image.height * width / image.width))), Pillow.Resampling.LANCZOS)
        _write(small, sized(file_name, width), kind)
    return file_name, image.width, image.height, widths


def _write(image, name, kind):
    clean = Pillow.new(image.mode, image.size)
    if image.mode == "P":
        clean.putpalette(image.getpalette() or [])
        if "transparency" in image.info:
            clean.info["transparency"] = image.info["transparency"]
    clean.paste(image)
    out = io.BytesIO()
    options = {"PNG": {"optimize": True}, "JPEG": {"quality": 85, "progressive": True}, "WEBP": {"quality": 85}}
    clean.save(out, kind, **options[kind])
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(out.getvalue()))


def sized(file_name, width):
    """`images/a.png` → `images/a-960.png`."""
    path = PurePosixPath(file_name)
    return str(path.with_name(f"{path.stem}-{width}{path.suffix}"))


def fill(node):
    """Give an `<img>` of ours its size, its widths and lazy loading; the record is looked up by file name."""
    from_media = node.get("src", "").removeprefix(settings.MEDIA_URL)
    record = record_of(from_media)
    node.set("loading", "lazy")
    node.set("decoding", "async")
    if record is None:
        return
    node.set("width", str(record.width))
    node.set("height", str(record.height))
    if record.widths:
        node.set("srcset", srcset(record))
        node.set("sizes", "(min-width: 40em) 36rem, 94vw")


def srcset(record):
    sources = [(sized(record.file.name, width), width) for width in record.widths]
    return ", ".join(f"{settings.MEDIA_URL}{name} {width}w" for name, width in [*sources, (record.file.name, record.width)])


def record_of(file_name):
    """The Image whose file this is, or None."""
    return apps.get_model("publishing.Image").objects.filter(file=file_name).first()
