"""Which language a comment is written in, told on this machine by py3langid."""

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from ..models import COMMENT_LANGUAGES

SURE = 0.7
LETTERS = 8  # with fewer, any answer is a guess


CODES = [code for code, _name in COMMENT_LANGUAGES]


@lru_cache(maxsize=1)
def _identifier():
    """Read at the first comment a process gets: it takes a second and 80 MB."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(CODES)
    return identifier


def detect(text):
    """The code of the language, or "" when the words do not tell."""
    words = " ".join(line for line in text.split("\n") if not line.lstrip().startswith(">")) or text
    if sum(char.isalpha() for char in words) < LETTERS:
        return ""
    code, probability = _identifier().classify(words[:5000])
    return code if probability >= SURE else ""


def known(code):
    return code in CODES
