"""What the commands of LaTeX stand for in a title, a name or an abstract, and how many arguments
they take."""

from functools import lru_cache

from pylatexenc.latex2text import get_default_latex_context_db as texts
from pylatexenc.latexwalker import get_default_latex_context_db as commands

from .text import SUB, SUPER, raised

MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "d": "\u0323", "b": "\u0331", "r": "\u030a",
    # In formulas.
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "overline": "\u0305", "mathring": "\u030a",
}  # fmt: skip
# A mark alone is the sign itself.
ALONE = {"~": "~", "^": "^", "'": "´", "`": "`", '"': "¨"}
SYMBOLS = {
    "i": "ı", "j": "ȷ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "SS": "ẞ", "ae": "æ",
    "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "dj": "đ",
    "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ", "NG": "Ŋ", "textendash": "–", "textemdash": "—",
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”",
    "textquotedbl": '"', "textquotesingle": "'", "guillemotleft": "«", "guillemotright": "»",
    "textexclamdown": "¡", "textquestiondown": "¿", "textbackslash": "\\", "backslash": "\\",
    "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~", "textasciicircum": "^",
    "textasciigrave": "`", "textless": "<", "textgreater": ">", "textbar": "|",
    "textunderscore": "_", "textregistered": "®", "texttrademark": "™", "textcopyright": "©",
    "copyright": "©", "pounds": "£", "euro": "€", "texteuro": "€", "textdegree": "°", "degree": "°",
    "textmu": "µ", "textpm": "±", "textordfeminine": "ª", "textordmasculine": "º", "S": "§",
    "P": "¶", "dag": "†", "ddag": "‡", "ldots": "…", "dots": "…", "textellipsis": "…", "slash": "/",
    "newline": " ", "par": " ", "quad": " ", "qquad": " ", "space": " ", "textvisiblespace": " ",
    "cdot": "·", "textperiodcentered": "·", "celsius": "°C", "LaTeX": "LaTeX", "TeX": "TeX",
    "item": " ",
}  # fmt: skip
# Commands that only change how a text looks: the command goes, its text stays.
LOOKS = set(
    "emph em it itshape sl slshape bf bfseries sc scshape rm rmfamily sf sffamily tt ttfamily up "
    "upshape normalfont textit textsl textbf textsc textrm textsf texttt textup textnormal "
    "mathrm mathit mathbf mathsf mathcal mathbb text mbox hbox fbox relax protect nolinkurl "
    "enquote uppercase lowercase MakeUppercase MakeLowercase small large ensuremath boldmath "
    "bibinfo underline uline left right displaystyle textstyle limits nolimits mathop "
    "operatorname boldsymbol bm url path noindent centering title author date thanks phantom "
    "smash mathstrut".split()
)
# Arguments: of these the last is the text.
LAST_OF = {
    "selectlanguage": 1,
    "foreignlanguage": 2,
    "href": 2,
    "textcolor": 2,
    "colorbox": 2,
    "fcolorbox": 3,
    "penalty": 0,
}
GONE = set("noopsort SortNoop label cite footnote vspace hspace selectlanguage color".split())
_UNITS = {
    "metre": "m", "meter": "m", "gram": "g", "kilogram": "kg", "second": "s", "minute": "min",
    "hour": "h", "day": "d", "litre": "L", "liter": "L", "mole": "mol", "molar": "M", "kelvin": "K",
    "degreeCelsius": "°C", "percent": "%", "hertz": "Hz", "newton": "N", "pascal": "Pa",
    "joule": "J", "watt": "W", "volt": "V", "ampere": "A", "ohm": "Ω", "becquerel": "Bq",
    "gray": "Gy", "sievert": "Sv", "tesla": "T", "dalton": "Da", "bar": "bar", "mmHg": "mmHg",
    "kilo": "k", "mega": "M", "giga": "G", "centi": "c", "deci": "d", "milli": "m", "micro": "µ",
    "nano": "n", "pico": "p", "femto": "f", "per": "/", "squared": "²", "cubed": "³", "square": "",
    "cubic": "", "of": "", "mg": "mg", "kg": "kg", "g": "g", "cm": "cm", "mm": "mm", "m": "m",
    "ml": "mL", "mL": "mL", "L": "L", "s": "s", "um": "µm", "micron": "µm", "angstrom": "Å",
    "year": "a",
}  # fmt: skip
_HALVES = {
    "1/2": "½",
    "1/3": "⅓",
    "2/3": "⅔",
    "1/4": "¼",
    "3/4": "¾",
    "1/5": "⅕",
    "1/8": "⅛",
    "3/8": "⅜",
    "5/8": "⅝",
    "7/8": "⅞",
}


def unit(name: str) -> str | None:
    """“milli” → “m”, inside of siunitx's commands alone."""
    return _UNITS.get(name)


def _fraction(above, below):
    short = f"{above.strip()}/{below.strip()}"
    return _HALVES.get(short) or f"{_whole(above)}/{_whole(below)}"


def _whole(text):
    text = text.strip()
    return text if text.replace(".", "").isalnum() or len(text) < 2 else f"({text})"


def _root(text):
    return f"√{_whole(text)}"


def _quantity(number, of):
    number, of = number.strip(), of.strip()
    return (
        f"{number}{'' if of.startswith(('°', '%')) and of != '°C' else ' '}{of}"
        if number and of
        else number + of
    )


def chemical(text: str) -> str:
    """“H2O”, “Ca^2+” → “H₂O”, “Ca²⁺”, as mhchem writes formulas."""
    found, before, up = [], " ", False
    for char in text.replace("->", "→"):
        if char == "^":
            up = True
        elif up and (char.isdigit() or char in "+-"):
            found.append(raised(char, SUPER))
        else:
            up = False
            low = char.isdigit() and (before.isalpha() or before in ")]₀₁₂₃₄₅₆₇₈₉")
            found.append(raised(char, SUB) if low else char)
        before = found[-1] if found else " "
    return "".join(found)


# `{command: (number of arguments, what makes the text of them)}`
MADE = {
    **dict.fromkeys("frac dfrac tfrac cfrac nicefrac sfrac".split(), (2, _fraction)),
    **dict.fromkeys(("SI", "qty"), (2, _quantity)),
    **dict.fromkeys(("si", "unit", "num"), (1, str)),
    "sqrt": (1, _root), "ce": (1, chemical), "cee": (1, chemical),
    "ang": (1, lambda text: f"{text}°"), "textsuperscript": (1, lambda text: raised(text, SUPER)),
    "textsubscript": (1, lambda text: raised(text, SUB)),
    "binom": (2, lambda above, below: f"({above} over {below})"),
    "stackrel": (2, lambda above, below: below),
}  # fmt: skip
CHEMICAL = {"ce", "cee"}
IN_UNITS = {"SI", "si", "qty", "unit"}


@lru_cache(maxsize=2000)
def named(name: str) -> str | None:
    """The character a command such as \\alpha stands for; None for one that is not known."""
    if name in SYMBOLS:
        return SYMBOLS[name]
    spec = _texts().get_macro_spec(name)
    made = getattr(spec, "simplify_repl", None)
    if isinstance(made, str) and "%" not in made.replace("%%", ""):
        return made.replace("%%", "%").strip()
    return "" if _taken(name) else None


@lru_cache(maxsize=2000)
def taken(name: str) -> int:
    """How many arguments in braces a command takes, as far as pylatexenc knows it."""
    spec = _taken(name)
    return getattr(getattr(spec, "args_parser", None), "argspec", "").count("{") if spec else 0


@lru_cache(maxsize=1)
def _texts():
    return texts()


@lru_cache(maxsize=1)
def _commands():
    return commands()


def _taken(name):
    spec = _commands().get_macro_spec(name)
    return spec if spec is not None and spec.macroname == name else None
