"""Which language a comment is in: a guess while somebody waits, py3langid's word later.

Both are told on this machine.
"""

import re
from collections import Counter
from functools import lru_cache

from ..models.choices import COMMENT_LANGUAGES

SURE = 0.7
PLAIN = 2  # what the small words of a part must weigh at least
LETTERS = 8  # with fewer, any answer is a guess
CODES = [code for code, _name in COMMENT_LANGUAGES]

# The small words of each language. One that several share counts for a part in each.
SMALL = {
    "en": "a an and any are as at be but can could did do does for from had has have how i "
    "in is it me my no not of on or she so than thank thanks that the there they this "
    "to was we what when where which who why will with would yes you your",
    "es": "a al antes aún como con cuando cuándo cuanto de del donde dónde el ella en es "
    "esta está este esto gracias ha hace hay he hola la las le lo los me mi muy más "
    "nada no o para pero por porque puede qué que quién se si sí sin son su tengo "
    "también un una uno y ya yo",
    "ca": "a al als amb aquest aquesta així això bon com d de del dels el els em en és es "
    "està fa gràcies ha han he hi ho i ja jo l la les m meu meva molt més n ni no o "
    "on per perquè però pot puc què que quan quin quina s si sí soc són sóc també "
    "tinc tot un una us va vaig",
    "fr": "a ai au aux avec ce cela cette ces comment d dans de des docteur du elle en est "
    "et il ils j je l la le les mais me merci mon ne nous on ou où par pas peut plus "
    "pour qu que qui sa se si son sont suis sur très un une vous",
    "pt": "a ao as até com como da das de depois do dos e é ela ele em esta está este eu "
    "foi há isto já mais mas me meu minha muito na não nas no nos o obrigada obrigado "
    "onde os ou para pela pode por porque que quem se sem são sim tenho um uma",
    "it": "a al alla anche che chi ci come con cosa da dal del della di dopo dottoressa "
    "dove e è gli grazie ha ho i il in io la le lo ma mi mia mio molto nel nella no "
    "non o per perché più può qualcuno quale quando questa questo se si sono su un "
    "una uno",
    "de": "aber als am an auch auf aus bei bin danke das dem den der des die ein eine einen "
    "er es für gibt habe haben hat ich im in ist ja kann man mein meine mich mir mit "
    "nach nicht noch oder sehr sich sie sind so über um und von vor wann war was wenn "
    "wie wird wo zu zum zur",
}
_IN = Counter(word for words in SMALL.values() for word in words.split())
_WEIGHTS = {code: {word: 1 / _IN[word] for word in words.split()} for code, words in SMALL.items()}
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _identifier():
    """Takes a second and 90 MB: for the task worker alone, and imported here so that it is."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(CODES)
    return identifier


def detect(text):
    """The code of the language, or "" when the words do not tell. For the task worker."""
    words = _own_words(text)
    if sum(char.isalpha() for char in words) < LETTERS:
        return ""
    code, probability = _identifier().classify(words[:5000])
    return code if probability >= SURE else ""


def guess(text):
    """The same by the small words alone: nothing to load, and "" more often."""
    scores = sorted((score, code) for code, score in _scores(_own_words(text)).items())
    (second, _other), (best, code) = scores[-2:]
    return code if best >= 0.5 and best > second * 1.2 else ""


def of_part(text, language):
    """The code of a paragraph that is plainly in another language than the comment it stands in,
    else ""."""
    scores = _scores(text)
    best = max(scores, key=scores.get)
    others = max(score for code, score in scores.items() if code != best)
    sure = (
        scores[best] >= PLAIN
        and scores[best] >= 2 * others
        and scores[best] >= 3 * scores.get(language, 0)
    )
    return best if sure and best != language else ""


def _scores(text):
    """`{code: how much the small words speak for it}`."""
    words = Counter(_WORD.findall(text[:1000].casefold()))
    return {
        code: sum(weights[word] * number for word, number in words.items() if word in weights)
        for code, weights in _WEIGHTS.items()
    }


def _own_words(text):
    """What is not quoted, unless it all is."""
    return " ".join(line for line in text.split("\n") if not line.lstrip().startswith(">")) or text


def known(code):
    return code in CODES
