"""What the site says of itself, and of its figures, in the other languages of its menus."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Words(str):
    """A text that knows its language."""

    def __new__(cls, text, language):
        made = super().__new__(cls, text)
        made.language = language
        return made


def _line(label):
    return models.CharField(label, max_length=200, blank=True)


def _text(label):
    return models.TextField(label, blank=True)


class InOtherLanguages(models.Model):
    """`<field>_<language>`; where one is empty, readers see the first language's words."""

    tagline_es = _line(_("tagline in Spanish"))
    introduction_es = _text(_("introduction in Spanish"))
    disclaimer_es = _text(_("disclaimer in Spanish"))
    interests_es = _text(_("funding and interests in Spanish"))
    editorial_policy_es = _text(_("editorial policy in Spanish"))
    tagline_ca = _line(_("tagline in Catalan"))
    introduction_ca = _text(_("introduction in Catalan"))
    disclaimer_ca = _text(_("disclaimer in Catalan"))
    interests_ca = _text(_("funding and interests in Catalan"))
    editorial_policy_ca = _text(_("editorial policy in Catalan"))

    TRANSLATED = ("tagline", "introduction", "disclaimer", "interests", "editorial_policy")

    class Meta:
        abstract = True


class FigureInOtherLanguages(models.Model):
    """The same of a figure that no text holds, which has its own words: on the first page, on a
    cover."""

    alt_es = _text(_("description in Spanish"))
    caption_es = models.TextField(_("caption in Spanish"), blank=True, max_length=2000)
    credit_es = models.CharField(_("credit in Spanish"), max_length=300, blank=True)
    alt_ca = _text(_("description in Catalan"))
    caption_ca = models.TextField(_("caption in Catalan"), blank=True, max_length=2000)
    credit_ca = models.CharField(_("credit in Catalan"), max_length=300, blank=True)

    TRANSLATED = ("alt", "caption", "credit")

    class Meta:
        abstract = True

    def said(self, name):
        """`Words` of “caption”, say, in the language of the menus, else as first written."""
        language = get_language() or settings.LANGUAGE_CODE
        own = getattr(self, f"{name}_{language}", "")
        return Words(own or getattr(self, name), language if own else settings.LANGUAGE_CODE)

    @property
    def said_alt(self):
        return self.said("alt")

    @property
    def said_caption(self):
        return self.said("caption")

    @property
    def said_credit(self):
        return self.said("credit")
