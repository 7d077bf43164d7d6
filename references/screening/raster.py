"""The flow as a PNG, for slides and for programs that take no SVG: the same boxes, set with a face
of this machine."""

import io

from publishing.later import later
from publishing.machines import cards

from .drawing import PAD, WIDTH, Drawing, head

Image, ImageDraw = later("PIL.Image"), later("PIL.ImageDraw")
SCALE = 2  # pixels for each of the drawing's
SIZE, EDGE = 13, 12


def png(drawing: Drawing) -> bytes:
    """The picture's bytes."""
    inks = cards.inks()
    size = [(each + 2 * EDGE) * SCALE for each in (drawing.width, drawing.height)]
    image = Image.new("RGB", size, inks["paper"])
    draw = ImageDraw.Draw(image)
    face = _face(draw, [line for box in drawing.boxes for line in box.lines])
    for points in drawing.arrows:
        draw.line([_at(x, y) for x, y in points], fill=inks["ink"], width=SCALE)
        draw.polygon([_at(x, y) for x, y in head(points)], fill=inks["ink"])
    for box in drawing.boxes:
        ends = [*_at(box.x, box.y), *_at(box.x + box.width, box.y + box.height)]
        draw.rectangle(ends, outline=inks["ink"], width=SCALE)
        for x, y, line in box.texts:
            draw.text(_at(x, y), line, fill=inks["ink"], font=face, anchor="ls")
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _at(x, y):
    return (x + EDGE) * SCALE, (y + EDGE) * SCALE


def _face(draw, lines):
    """As large as the longest line allows."""
    text = max(lines, key=len, default="")
    face = cards.font(SIZE * SCALE, text)
    widest = max((draw.textlength(line, font=face) for line in lines), default=0)
    room = (WIDTH - 2 * PAD) * SCALE
    return cards.font(int(SIZE * SCALE * room / widest), text) if widest > room else face
