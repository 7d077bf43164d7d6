"""LaTeX in bibliographies to plain text and back. Only what people write in titles, names and
abstracts.

The text is gone through once from its beginning to its end: no text takes longer than its length,
however it is nested.
"""

import re
import unicodedata
from collections.abc import MutableSet
from dataclasses import dataclass, field

from .latexwords import (
    ALONE,
    CHEMICAL,
    GONE,
    IN_UNITS,
    LAST_OF,
    LOOKS,
    MADE,
    MARKS,
    named,
    taken,
    unit,
)
from .text import SUB, SUPER, raised

_SPECIAL = re.compile(r"[\\{}$~]|--|``|''|[?!]`")
_TOKEN = re.compile(
    r"\\([A-Za-z@]+)\*?|\\(.|$)|(\$\$?|[{}^_])|(---|--|``|''|[?!]`|~)|([^\\{}$^_~`'?!-]+|.)", re.S
)
_SPACE = re.compile(r"[ \t\n]*")
_OPTION = re.compile(r"\[([^\[\]{}]{0,200})\]")
_ADDRESS = re.compile(r"\{([^{}]*)\}")
_SPACES = {"\\": " ", " ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", ">": " "}
_LIGATURE = {"---": "—", "--": "–", "``": "“", "''": "”", "?`": "¿", "!`": "¡", "~": " "}
# Escaped signs stand apart until the end, so that no later step takes them for markup.
_SIGNS = "&%$#_{}\\~^`'-?!"
_HIDE = str.maketrans({char: chr(0xE000 + ord(char)) for char in _SIGNS})
_SHOW = str.maketrans({0xE000 + ord(char): char for char in _SIGNS})
_ORDINALS = {"th", "st", "nd", "rd"}
# Commands inside of the arguments of commands; deeper ones only lose their name.
DEEPEST = 20


def decode(text: str, keep_braces: bool = False, unknown: MutableSet | None = None) -> str:
    """Plain text of a LaTeX fragment, of broken LaTeX as much as can be read.

    With `keep_braces` groups stay marked, for splitting names. Commands nobody knows are added to
    `unknown`; what they embrace stays.
    """
    if not _SPECIAL.search(text):
        return text
    text = _Scan(text, keep_braces, unknown if unknown is not None else set()).read()
    return text if keep_braces else text.translate(_SHOW)


def plain(text: str) -> str:
    """What `decode` kept apart for splitting, without its braces."""
    return text.replace("{", "").replace("}", "").translate(_SHOW)


@dataclass
class _Open:
    """A group or a formula whose end has not come: where its text begins, and whether a command
    waits for it."""

    sign: str
    start: int
    argument: bool = False


@dataclass
class _Waiting:
    """A command whose arguments have not all come."""

    name: str
    needed: int
    option: str = ""
    sign: str = ""
    arguments: list = field(default_factory=list)


class _Scan:
    def __init__(self, text, keep_braces, unknown):
        self.text, self.keep, self.unknown = text, keep_braces, unknown
        self.at, self.out, self.stack = 0, [], []
        # Where the last text made by a command stands; how many formulas, commands and units are
        # open.
        self.made, self.formulas, self.waiting, self.units = -1, 0, 0, 0
        self.last_end = {"(": text.rfind("\\)"), "[": text.rfind("\\]")}

    def read(self) -> str:
        while found := _TOKEN.match(self.text, self.at):
            self.at = found.end()
            command, control, sign, ligature, text = found.groups()
            if command is not None:
                self._command(command)
            elif control is not None:
                self._control(control)
            elif sign is not None:
                self._sign(sign)
            elif ligature is not None and not self.formulas:
                self._add(_LIGATURE[ligature])
            else:
                self._text(" " if ligature == "~" else ligature or text)
        while self.stack:
            self._close()
        return "".join(self.out)

    def _add(self, text):
        """Text that is one thing: an argument, where a command waits for one."""
        if self.stack and isinstance(self.stack[-1], _Waiting):
            self._argument(text)
        else:
            self.out.append(text)

    def _argument(self, text):
        waiting = self.stack[-1]
        waiting.arguments.append(text)
        if len(waiting.arguments) >= waiting.needed:
            self.stack.pop()
            self._finish(waiting)

    def _finish(self, waiting):
        self.waiting -= 1
        self.units -= waiting.name in IN_UNITS
        before = self.out[-1][-1:] if self.out else ""
        text = _made(waiting, before)
        self._add(text)
        self.made = len(self.out) - 1

    def _text(self, text):
        if not (self.stack and isinstance(self.stack[-1], _Waiting)):
            self.out.append(text)
        elif text.strip():
            if not _takes_bare(self.stack[-1].name):
                self._close()
                self._text(text)
                return
            rest = text.lstrip()
            self.at -= len(rest) - 1
            self._argument(rest[0])

    def _sign(self, sign):
        if sign == "{":
            self._open("{")
        elif sign == "}":
            self._end("{")
        elif sign in ("^", "_"):
            if self.formulas:
                self._wait(sign, 1)
            else:
                self._add(sign.translate(_HIDE))
        elif self.formulas and sign[0] == "$":
            self._end("$")
        elif self._is_formula(sign):
            self._open("$")
        else:
            self._add("$".translate(_HIDE) * len(sign))

    def _is_formula(self, sign):
        """A dollar may be one: “$5 and $10”."""
        end = self.text.find(sign, self.at)
        inner = self.text[self.at : end] if end >= 0 else ""
        if not inner.strip():
            return False
        if re.search(r"[\\^_]", inner) or re.fullmatch(r"[<>=≤≥±+~\s]+", inner):
            return True
        return (
            inner == inner.strip()
            and not self.text[end + len(sign) : end + len(sign) + 1].isdigit()
        )

    def _open(self, sign):
        argument = bool(self.stack) and isinstance(self.stack[-1], _Waiting)
        self.stack.append(_Open(sign, len(self.out), argument))
        self.formulas += sign == "$"
        if sign == "{" and self.keep and not argument:
            self.out.append("{")

    def _end(self, sign):
        """Close what was opened by `sign`; one that was never opened is passed over."""
        inside = [
            at
            for at, each in enumerate(self.stack[-3 * DEEPEST :])
            if each.sign == sign and isinstance(each, _Open)
        ]
        if not inside:
            return
        depth = max(len(self.stack) - 3 * DEEPEST, 0) + inside[-1]
        while len(self.stack) > depth:
            self._close()

    def _close(self):
        top = self.stack.pop()
        if isinstance(top, _Waiting):
            self._finish(top)
            return
        self.formulas -= top.sign == "$"
        if top.argument:
            text = "".join(self.out[top.start :])
            del self.out[top.start :]
            self._argument(text)
        elif top.sign == "{" and self.keep:
            if len(self.out) == top.start + 2 and self.made == top.start + 1:
                self.out[top.start] = ""
            else:
                self.out.append("}")

    def _wait(self, name, needed, option=""):
        if self.waiting >= DEEPEST:
            return
        self.waiting += 1
        self.units += name in IN_UNITS
        self.stack.append(_Waiting(name, needed, option))

    def _control(self, char):
        if char in MARKS:
            self._wait(char, 1)
        elif char in ("(", "["):
            if self.at <= self.last_end[char]:
                self._open("$")
        elif char in (")", "]"):
            self._end("$")
        elif char in "&%$#_{}":
            self._add(char.translate(_HIDE))
        elif char in _SPACES:
            self._add(_SPACES[char])

    def _command(self, name):
        name = name.replace("@", "")
        after = _SPACE.match(self.text, self.at).end()
        option = _OPTION.match(self.text, after)
        address = _ADDRESS.match(self.text, after) if name in ("url", "path") else None
        if address:
            self.at = address.end()
            self._add(address[1].translate(_HIDE))
            return
        needed = self._needed(name)
        if needed:
            self.at = option.end() if option else after
            self._wait(name, needed, option[1] if option else "")
            return
        symbol = "" if name in LOOKS else named(name)
        symbol = unit(name) if self.units and unit(name) is not None else symbol
        if symbol is None:
            self.unknown.add(name)
        self._skip_space(symbol or "", after)
        if symbol:
            self._add(symbol.translate(_HIDE))
            self.made = len(self.out) - 1

    def _needed(self, name):
        if self.units and unit(name) is not None:
            return 0
        if name in MADE:
            return MADE[name][0]
        if name in MARKS or name in GONE:
            return 1
        if name in LAST_OF:
            return LAST_OF[name]
        return 0 if name in LOOKS or named(name) else min(taken(name), 4)

    def _skip_space(self, symbol, after):
        """LaTeX eats the space behind a command; in a formula one that stands between signs reads
        better."""
        following = self.text[after : after + 1]
        if not self.formulas or (
            (symbol.isalpha() or not symbol) and (following.isalpha() or following in ("\\", "{"))
        ):
            self.at = after
            if self.text.startswith("{}", after) and symbol:
                self.at = after + 2


def _takes_bare(name):
    """Whether a letter without braces is an argument, as in \\'o and x^2."""
    return name in MARKS or name in ("^", "_") or (name in MADE and name not in IN_UNITS)


def _made(waiting, before):
    """The text of a command with its arguments; those that never came are empty."""
    name, given = (
        waiting.name,
        [*waiting.arguments, *[""] * (waiting.needed - len(waiting.arguments))],
    )
    if name in ("^", "_"):
        return _lifted(given[0], name, before)
    if name in MARKS:
        return _marked(name, given[0])
    if name in GONE:
        return ""
    if name in MADE:
        text = MADE[name][1](
            *(each.translate(_SHOW) if name in CHEMICAL else each for each in given)
        )
        return raised(waiting.option, SUPER) + text if name == "sqrt" and waiting.option else text
    return next((text for text in reversed(given) if text), "")


def _marked(name, text):
    text = text.strip()
    if not text:
        return ALONE.get(name, "").translate(_HIDE)
    letters = "".join({"ı": "i", "ȷ": "j"}.get(char, char) for char in text)
    if not letters[0].isalpha() or (len(name) > 1 and len(letters) > 3):
        return text
    marked = letters if len(name) > 1 else letters[:1]
    marked = (
        "".join(char + MARKS[name] if char.isalpha() else char for char in marked)
        + letters[len(marked) :]
    )
    return unicodedata.normalize("NFC", marked)


def _lifted(text, sign, before):
    """“²⁺”, or “^(a+b)” where there are no such letters; “5th” and “Vmax” are read as they are."""
    text = text.strip()
    small = raised(text, SUPER if sign == "^" else SUB)
    if small != text or sign == "_" or text in _ORDINALS or not before.isalnum() or not text:
        return small
    if all(char in "°′*†‡" for char in text):
        return text
    return f"^{text}".translate(_HIDE) if len(text) == 1 else f"^({text})".translate(_HIDE)


_ENCODE = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
}  # fmt: skip
_TO_ENCODE = re.compile(r"[\\{}~^&%$#_]|-(?=-)|`(?=`)|'(?=')|[?!](?=`)")


def encode(text: str) -> str:
    """Text as a BibTeX field takes it: what LaTeX would read as markup is escaped, letters stay as
    they are."""
    return _TO_ENCODE.sub(lambda found: _ENCODE.get(found[0]) or found[0] + "{}", text)


_WORD = re.compile(r"[^\s{}]+")


def protect(encoded: str) -> str:
    """Braces around words whose capitals a style must not turn small. The first word's initial is
    not protected."""
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
