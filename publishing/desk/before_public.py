"""What stands in the way of a page before it is public, named while there is time: letters without
consent, figures that lack something."""

from django.urls import reverse

from ..models import Image
from ..richtext import consents


def of_texts(texts):
    """`texts`: `[(id of the form's field, its HTML)]`. Gives what the form shows: letters as
    `{field, place, words}`, figures as `{address, title, missing}`."""
    letters = [
        {"field": field, "place": place, "words": words}
        for field, html in texts
        for place, words in consents.letters_without(html)
    ]
    figures = Image.objects.of_text(*(html for _field, html in texts)).incomplete()
    return {"letters": letters, "figures": [_named(each) for each in figures]}


def _named(image):
    return {
        "address": reverse("admin:publishing_image_change", args=[image.pk]),
        "title": image.title,
        "missing": ", ".join(image.missing()),
    }
