"""The picture shown where a page is shared: its number, title and place, set like the site's own
pages.

A card is made when it is first asked for. Its address changes with what is on it, so it may be kept
for ever.
"""

import hashlib
import io
import re
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import override

from publishing.later import later

# 4 MB, FreeType among them.
Image, ImageOps = later("PIL.Image"), later("PIL.ImageOps")
ImageDraw, ImageFont = later("PIL.ImageDraw"), later("PIL.ImageFont")
FOLDER = "cards"
SIZE = (1200, 630)
EDGE = 80
LAYOUT = 1  # raise it when a card comes to look different: the old ones are made again
FACES = ("Charter-Roman", "NotoSerif-Regular", "DejaVuSerif", "LiberationSerif-Regular")
# For what those cannot write: Arabic, Hebrew, Chinese, Japanese, Korean.
OTHERS = (
    "NotoSerif-Medium", "NotoNaskhArabic-Regular", "NotoSerifHebrew-Regular",
    "NotoSerifCJK-Regular", "NotoSansCJK-Regular",
    "DejaVuSans", "FreeSerif", "LiberationSans-Regular", "wqy-zenhei", "wqy-microhei",
    "DroidSansFallbackFull",
    "fonts-japanese-mincho", "fonts-japanese-gothic", "unifont",
)  # fmt: skip
FACE_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
)


class Card:
    """What is on a card. `kicker` stands above the title, `number` hangs in madder before it,
    `foot` below the rule."""

    def __init__(self, *, kicker, number, title, foot, picture="", focus=None):
        self.words = (kicker, number, title, foot)
        self.picture, self.focus = picture, focus

    @property
    def digest(self):
        return hashlib.sha256(repr(self._parts()).encode()).hexdigest()[:20]

    def _parts(self):
        focus = (self.focus,) if self.focus else ()
        return LAYOUT, *self.words, self.picture, *focus

    def png(self):
        """The picture's bytes, from the folder of made cards or made now."""
        name = f"{FOLDER}/{self.digest}.png"
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(self._draw()))
        with default_storage.open(name) as file:
            return file.read()

    def _draw(self):
        colours = inks()
        image = Image.new("RGB", SIZE, colours["paper"])
        draw = ImageDraw.Draw(image)
        right = self._place_picture(image) or SIZE[0] - EDGE
        kicker, number, title, foot = self.words
        top = 170
        _line(draw, kicker, 30, EDGE - 14, right, colours["ink-2"])
        if number:
            draw.text((EDGE - 6, top - 34), number, fill=colours["madder"], font=font(120))
            top += 120
        title = writable(title) or writable(kicker)
        size, lines = _set_title(draw, title, right - EDGE, 520 - top)
        for line in lines:
            draw.text((EDGE, top), line, fill=colours["ink"], font=font(size, title))
            top += round(size * 1.18)
        draw.line([(EDGE, 540), (right, 540)], fill=colours["rule-2"], width=2)
        _line(draw, foot, 28, 556, right, colours["ink-2"])
        out = io.BytesIO()
        image.quantize(64).save(out, "PNG", optimize=True)
        return out.getvalue()

    def _place_picture(self, image):
        """Put the cover at the right; gives where the words end, or None where there is no
        cover."""
        if not self.picture or not default_storage.exists(self.picture):
            return None
        with default_storage.open(self.picture) as file, Image.open(file) as cover:
            cover = cover.convert("RGBA")
            box = (400, SIZE[1] - 2 * EDGE)
            if self.focus:  # she said what must be seen: the place is filled
                centre = tuple(each / 100 for each in self.focus)
                cover = ImageOps.fit(cover, box, centering=centre)
            else:
                cover.thumbnail(box)
        ground = Image.new("RGBA", cover.size, "#ffffff")
        ground.alpha_composite(cover)
        left = SIZE[0] - EDGE - cover.width
        image.paste(ground.convert("RGB"), (left, (SIZE[1] - cover.height) // 2))
        return left - 50


def card_of(page, site):
    """The card of a page of ours, or of the whole site when there is no page."""
    if page is None:
        return Card(
            kicker=site.author_name,
            number="",
            title=site.name,
            foot=site.tagline,
            **_picture(site.shown_figure),
        )
    state = ""
    if getattr(page, "state", "published") not in ("published", "draft"):
        with override(page.language):
            state = page.get_state_display()
    cover = getattr(page, "shown_cover", None)
    words = {
        "kicker": site.name,
        "number": str(getattr(page, "number", "") or ""),
        "title": getattr(page, "title", "") or str(page),
        "foot": ", ".join(filter(None, [site.author_name, state])),
    }
    if hasattr(page, "card_words"):
        words |= page.card_words()
    return Card(**words, **_picture(cover))


def _picture(figure):
    return {"picture": figure.file.name, "focus": figure.focus} if figure else {"picture": ""}


@cache
def inks():
    """The light colours of tokens.css, which names them all."""
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    light = css.partition("@media")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))


def font(size, text=""):
    """A serif of this machine, or whichever face of its has every letter of the text; Pillow's own
    where it has none."""
    return _font(next((face for face in faces() if covers(face, text)), faces()[0]), size)


@cache
def _font(face, size):
    return ImageFont.truetype(face, size) if face else ImageFont.load_default(size)


@cache
def faces():
    """The fonts of this machine, serifs first; an empty name is Pillow's own."""
    found = {
        path.stem: str(path)
        for folder in FACE_FOLDERS
        for path in sorted(Path(folder).rglob("*.[ot]t[fc]"))
    }
    return [found[name] for name in FACES if name in found] + [
        found[name] for name in OTHERS if name in found
    ] or [""]


def covers(face, text):
    return all(_draws(face, letter) for letter in set(text) if not letter.isspace())


@lru_cache(maxsize=4096)
def _draws(face, letter):
    """Whether a face has this letter, and not only the box that stands for all it has not."""
    shapes = _font(face, 28)
    return bytes(shapes.getmask(letter)) != bytes(shapes.getmask("\U0010ffff"))


def writable(text):
    """The words that some face can write: a letter missing everywhere would be a box."""
    if any(covers(face, text) for face in faces()):
        return text
    return " ".join(word for word in text.split() if covers(faces()[0], word))


def _line(draw, text, size, top, right, colour):
    """One line of a card, cut where it is too long."""
    text = writable(text)
    face = font(size, text)
    draw.text((EDGE, top), _fit(draw, text, face, right - EDGE), fill=colour, font=face)


def _set_title(draw, title, width, height):
    """The largest size at which the title fits, with its lines; at the smallest it is cut."""
    for size in (76, 66, 56, 48, 40):
        lines = _lines(draw, title, font(size, title), width)
        if len(lines) * size * 1.18 <= height:
            return size, lines
    room = max(1, int(height // (size * 1.18)))
    return size, [
        *lines[: room - 1],
        _fit(draw, " ".join(lines[room - 1 :]), font(size, title), width),
    ]


def _lines(draw, text, face, width):
    lines = [""]
    for word in text.split():
        wider = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(wider, font=face) > width:
            lines.append(_fit(draw, word, face, width))
        else:
            lines[-1] = _fit(draw, wider, face, width)
    return lines


def _fit(draw, text, face, width):
    if draw.textlength(text, font=face) <= width:
        return text
    while text and draw.textlength(text + "…", font=face) > width:
        text = text[:-1]
    return text.rstrip() + "…"
