"""LaTeX in bibliographies to plain text and back. Only what people write in titles, names and abstracts."""

import re
import unicodedata
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text

_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331",
    "r": "\u030a",
}  # fmt: skip
_SYMBOLS = {
    "i": "ı", "j": "ȷ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ",
    "NG": "Ŋ", "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "textquotedbl": '"', "textquotesingle": "'",
    "guillemotleft": "«", "guillemotright": "»", "textexclamdown": "¡", "textquestiondown": "¿", "textbackslash": "\\",
    "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textasciicircum": "^",
    "textasciigrave": "`", "textless": "<", "textgreater": ">", "textbar": "|", "textunderscore": "_",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "copyright": "©", "pounds": "£", "euro": "€",
    "texteuro": "€", "textdegree": "°", "degree": "°", "textmu": "µ", "textpm": "±", "textordfeminine": "ª",
    "textordmasculine": "º", "S": "§", "P": "¶", "dag": "†", "ddag": "‡", "ldots": "…", "dots": "…", "textellipsis": "…",
    "slash": "/", "newline": " ", "par": " ", "quad": " ", "qquad": " ", "space": " ", "textvisiblespace": " ",
}  # fmt: skip
# Commands that only change how a text looks: the command goes, its text stays.
_LOOKS = set(
    "emph em it itshape sl slshape bf bfseries sc scshape rm rmfamily sf sffamily tt ttfamily up upshape normalfont "
    "textit textsl textbf textsc textrm textsf texttt textup textnormal mathrm mathit mathbf mathsf mathcal text mbox "
    "hbox fbox relax protect nolinkurl enquote uppercase lowercase MakeUppercase MakeLowercase small large selectlanguage "
    "foreignlanguage ensuremath boldmath bibinfo penalty url href path".split()
)
_GONE = set("noopsort SortNoop label cite footnote thanks vspace hspace".split())
_SUPER = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUB = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")

_SPECIAL = re.compile(r"[\\{}$~]|--|``|''|[?!]`")
_ACCENT_BARE = r"""\\(?:([`'^"~=.])\s*|([uvHckdbr])(?![A-Za-z])\s*)"""
_LETTER = r"""(\\(?:i|j|o|O|l|L|ae|AE|oe|OE|aa|AA)(?![A-Za-z])\s*(?:\{\})?|[^\W\d_])"""
_ACCENT = re.compile(rf"{_ACCENT_BARE}(?:\{{\s*{_LETTER}?\s*\}}|{_LETTER})")
_WHOLE_ACCENT = re.compile(rf"\{{\s*{_ACCENT.pattern}\s*\}}")
_SYMBOL = re.compile(rf"\\({'|'.join(sorted(_SYMBOLS, key=len, reverse=True))})(?![A-Za-z])(?:\s*\{{\}}|[ \t\n]+)?")
_WHOLE_SYMBOL = re.compile(rf"\{{\s*\\({'|'.join(sorted(_SYMBOLS, key=len, reverse=True))})(?![A-Za-z])\s*\}}")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_LINK = re.compile(r"\\(?:url|path)\s*\{([^{}]*)\}")
_HREF = re.compile(r"\\href\s*\{[^{}]*\}\s*(?=\{)")
_RAISED = re.compile(r"\\text(super|sub)script\s*\{([^{}]*)\}")
_MATH = re.compile(r"\$\$?(?=\S)([^$]*?)(?<=\S)\$\$?(?!\d)|\\\((.{0,300}?)\\\)", re.S)
_MATH_RAISED = re.compile(r"([\^_])\s*(?:\{([^{}]*)\}|(\\[A-Za-z]+|[^\s{}\\]))")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?(?:\s*\{\}|[ \t\n]+)?(\s*\{[^{}]*\})?")
_CONTROL_SYMBOL = re.compile(r"\\(.|$)", re.S)
_SPACES = {"\\": " ", " ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", ">": " "}
_LIGATURES = re.compile(r"---|--|``|''|[?!]`|~")
_LIGATURE = {"---": "—", "--": "–", "``": "“", "''": "”", "?`": "¿", "!`": "¡", "~": " "}
# Characters that were escaped stand apart until the end, so that no later step takes them for markup.
_HIDE = str.maketrans({char: chr(0xE000 + ord(char)) for char in "&%$#_{}\\~^`'-?!"})
_SHOW = str.maketrans({0xE000 + ord(char): char for char in "&%$#_{}\\~^`'-?!"})


def decode(text, keep_braces=False):
    """Plain text of a LaTeX fragment. With `keep_braces` groups stay marked, for splitting names."""
    if not _SPECIAL.search(text):
        return text
    text = text.replace("-{}-", "-\ue02d").replace("`{}`", "\ue060\ue060").replace("'{}'", "\ue027\ue027")
    text = text.replace("?{}`", "?\ue060").replace("!{}`", "!\ue060")
    if "\\" in text or "$" in text:
        text = _commands(text)
    text = _LIGATURES.sub(lambda found: _LIGATURE[found[0]], text)
    if not keep_braces:
        text = text.replace("{", "").replace("}", "").translate(_SHOW)
    return text


def plain(text):
    """What `decode` kept apart for splitting, without its braces."""
    return text.replace("{", "").replace("}", "").translate(_SHOW)


def _commands(text):
    text = text.replace("\\\\", "\\newline ")
    text = _WHOLE_ACCENT.sub(_accent, text)
    text = _ACCENT.sub(_accent, text)
    text = _WHOLE_SYMBOL.sub(_symbol, text)
    text = _SYMBOL.sub(_symbol, text)
    text = _ESCAPED.sub(lambda found: found[1].translate(_HIDE), text)
    text = _LINK.sub(lambda found: found[1].translate(_HIDE), text)
    text = _HREF.sub("", text)
    text = _RAISED.sub(lambda found: _raised(found[2], _SUPER if found[1] == "super" else _SUB), text)
    text = _MATH.sub(lambda found: _math(found[1] or found[2] or ""), text)
    text = _COMMAND.sub(_command, text)
    return _CONTROL_SYMBOL.sub(lambda found: _SPACES.get(found[1], ""), text)


def _accent(found):
    mark = _MARKS[found[1] or found[2]]
    letter = found[3] or found[4] or ""
    if letter.startswith("\\"):
        name = letter.strip("\\{} \t\n")
        letter = {"i": "i", "j": "j"}.get(name) or _SYMBOLS[name]
    return unicodedata.normalize("NFC", letter + mark) if letter else ""


def _symbol(found):
    return _SYMBOLS[found[1]].translate(_HIDE)


def _raised(text, table):
    return text.translate(table)


def _math(text):
    text = _MATH_RAISED.sub(lambda found: _raised(found[2] or found[3], _SUPER if found[1] == "^" else _SUB), text)
    return text.replace("\\,", "").replace("\\;", " ")


def _command(found):
    name, argument = found[1], found[2] or ""
    if name in _LOOKS:
        return argument
    if name in _GONE:
        return ""
    return _named(name).translate(_HIDE) + argument


@lru_cache(maxsize=1000)
def _named(name):
    """The character a command such as \\alpha stands for; nothing for one that is not known."""
    try:
        return LatexNodes2Text(math_mode="text").latex_to_text("\\" + name).strip()
    except (IndexError, ValueError):
        return ""


_ENCODE = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_TO_ENCODE = re.compile(r"[\\{}~^&%$#_]|-(?=-)|`(?=`)|'(?=')|[?!](?=`)")


def encode(text):
    """Text as a BibTeX field takes it: what LaTeX would read as markup is escaped, letters stay as they are."""
    return _TO_ENCODE.sub(lambda found: _ENCODE.get(found[0]) or found[0] + "{}", text)


_WORD = re.compile(r"[^\s{}]+")


def protect(encoded):
    """Braces around words whose capitals a style must not turn small. The first word's initial is not protected."""
    first = True
    parts, at = [], 0
    for found in _WORD.finditer(encoded):
        word = found[0]
        letters = re.sub(r"\\[A-Za-z]+|[^\w]|\d", "", word)
        beyond = letters[1:] if first else letters
        first = False
        if beyond != beyond.lower() and not word.startswith("\\"):
            parts.append(encoded[at : found.start()] + "{" + word + "}")
            at = found.end()
    return "".join(parts) + encoded[at:]
