"""Languages: of the interface (by address prefix) and of what is written (names from CLDR through
Babel)."""

from functools import lru_cache

from django.conf import settings
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import activate, get_language, get_language_from_path
from django.utils.translation import gettext_lazy as _

from . import cldr
from .later import later

babel = later("babel")

PAGE_LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ca", _("Catalan"))]

# What articles are written in. ISO 639-1; "mul" and "und" as in MARC.
SOURCE_LANGUAGES = (
    "en es ca fr de it pt ro sr tr la nl da sv no fi pl cs sk hu ru uk bg hr sl el he ar fa ja zh"
    " ko eu gl mul und"
).split()


class AddressLanguageMiddleware(MiddlewareMixin):
    """Takes the interface language from the address alone, so that one address is one page for
    every reader."""

    def process_request(self, request):
        request.LANGUAGE_CODE = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        activate(request.LANGUAGE_CODE)

    def process_response(self, request, response):
        response.headers.setdefault("Content-Language", get_language())
        return response


@lru_cache(maxsize=512)
def _name(kind, code, in_language):
    if found := cldr.name(kind, code, in_language):
        return found
    try:
        names = getattr(babel.Locale.parse(in_language.replace("-", "_")), kind)
    except (babel.UnknownLocaleError, ValueError):
        names = getattr(babel.Locale("en"), kind)
    return names.get(code, code)


def language_name(code, in_language=None):
    """“fr” → “French”, in the active interface language; an unknown code comes back as it is."""
    return _name("languages", code, in_language or get_language() or "en") if code else ""


def country_name(code, in_language=None):
    """“GB” → “United Kingdom”; text that is no ISO 3166 code comes back as it is."""
    return _name("territories", code, in_language or get_language() or "en") if code else ""


@lru_cache(maxsize=1)
def _countries():
    return {
        name.casefold(): code
        for code, name in babel.Locale("en").territories.items()
        if len(code) == 2
    }


def country_code(name):
    """“united kingdom” → “GB”; a name CLDR does not know comes back as it is."""
    return {"turkey": "TR"}.get(name.casefold()) or _countries().get(name.casefold(), name)


@lru_cache(maxsize=1)
def _languages():
    return {
        name.casefold(): code
        for code, name in babel.Locale("en").languages.items()
        if len(code) <= 3
    }


def language_code(text):
    """“en-US”, “EN” or “English” → “en”; what is none of these comes back empty."""
    code = text.replace("_", "-").split("-")[0].strip().casefold()
    # Codes first: “ga” is Irish, and also the name of a language of Ghana.
    return code if code in babel.Locale("en").languages else _languages().get(code, "")


def source_language_choices():
    return [(code, language_name(code)) for code in SOURCE_LANGUAGES]
