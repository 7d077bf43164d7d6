"""The living style page: what the site is made of, set with its own templates and sheets, for those
who carry on.

Its words are for developers and stay English. Nothing on it is copied: change a token, a sheet or a
template and look here.
"""

import re
from datetime import date

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.shortcuts import render
from django.utils import timezone

from comments.models import Comment
from comments.threads import paging
from publishing.models import State
from publishing.richtext import render as richtext_render
from publishing.richtext import sanitise
from references.citing.rendering import CitationPass
from references.models import Reference
from review.models import Chapter

from . import fictitious

SHEET = settings.BASE_DIR / "static/css/tokens.css"
GROUNDS = {"paper", "sheet", "wash-madder", "wash-pen", "wash-mark", "on-madder"}
SPECIMEN = settings.BASE_DIR / "config/sample/style.html"


@staff_member_required
def style(request):
    light, dark = _inks()
    context = {
        "inks": [
            (
                name,
                value,
                dark.get(name, value),
                _ratio(value, light["paper"]),
                _ratio(dark.get(name, value), dark["paper"]),
            )
            for name, value in light.items()
        ],
        "grounds": GROUNDS,
        "sizes": re.findall(r"--size-(\d?[a-z]{1,2}): ([\d.]+rem)", SHEET.read_text()),
        "specimen": _specimen(),
        "chapters": [
            _chapter(number, state)
            for number, state in enumerate((State.PUBLISHED, State.CONSTRUCTION, State.PLANNED), 1)
        ],
        "made_up": fictitious.shown(),
        **_thread(),
    }
    return render(request, "admin/style.html", context)


def _inks():
    """`(light, dark)`: the colours of tokens.css by name."""
    sheet = SHEET.read_text()
    colour = re.compile(r"--([\w-]+): (#[0-9a-f]{6})")
    light = dict(colour.findall(sheet.partition("@media")[0]))
    dark = dict(colour.findall(sheet.partition(':root[data-theme="dark"] {')[2].partition("}")[0]))
    return light, dark


def _ratio(one, other):
    """Contrast as WCAG counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return f"{(lighter + 0.05) / (darker + 0.05):.1f}"


def _luminance(colour):
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _specimen():
    keys = Reference.objects.order_by("pk").values_list("citekey", flat=True)[:2]
    cites = "".join(f'<span class="cite" data-cite="{key}">[{key}]</span>' for key in keys)
    cover = (
        Chapter.objects.published()
        .filter(cover__withdrawn=None)
        .exclude(cover=None)
        .select_related("cover")
        .first()
    )
    words = (
        'Caption and credit stand in the margin.<small class="credit">Who made it. CC BY'
        " 4.0</small>"
    )
    image = f'<img src="{cover.cover.get_absolute_url()}" alt="A figure">' if cover else ""
    figure = (
        f'<figure class="figure">{image}<figcaption>{words}</figcaption></figure>' if image else ""
    )
    body = sanitise.clean(SPECIMEN.read_text().format(cites=cites, figure=figure))
    return richtext_render.render(
        body, language="en", numbered_parts=True, passes=(CitationPass("en"),)
    ).html


def _chapter(number, state):
    return Chapter(
        title={
            "published": "A finished chapter",
            "construction": "One being written",
            "planned": "One to come",
        }[state],
        summary="The summary says in a sentence what is in it.",
        number=str(number),
        path="a-chapter",
        state=state,
        updated=timezone.now(),
        first_published=date(2025, 2, 1),
    )


def _thread():
    """A thread of the site's own; where there is none yet, the empty state of one."""
    comment = Comment.objects.published().filter(by_author=True).order_by("-pk").first()
    page = comment.page if comment else Chapter.objects.published().first()
    return {"page": page, "comments": paging.of_page(page)} if page else {}
