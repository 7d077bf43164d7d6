"""Which language a title is in, as far as its small words say it: English, German, or one of the
Romance ones, which share too many of them to be told apart in ten words."""

import re

_SMALL = {
    "en": "a an the of in and with for after by on to from at as is are between during among",
    "de": "der die das des dem den und bei mit von im am ein eine einer nach zur zum für über als",
    "romance": "de del la las los el y e i en con por para una un d l du des et le les chez dans au"
    " aux une amb els al als per di della dei delle nel nella il gli da do dos das em com na no ao",
}
_LANGUAGES = {word: set() for words in _SMALL.values() for word in words.split()}
for _language, _words in _SMALL.items():
    for _word in _words.split():
        _LANGUAGES[_word].add(_language)
_WORD = re.compile(r"[^\W\d_]+")


def spoken(title: str) -> str:
    """“en”, “de” or “romance”; empty where small words are none, or speak for several."""
    found = dict.fromkeys(_SMALL, 0)
    for word in _WORD.findall(title.casefold()):
        for language in _LANGUAGES.get(word, ()):
            found[language] += 1
    best = max(found, key=found.get)
    others = max(count for language, count in found.items() if language != best)
    return best if found[best] > 2 * others else ""
