"""What the site says of itself in the other languages of its menus."""

from django.db import models
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
