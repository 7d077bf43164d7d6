"""The elements of a style, ready to write. Built once for a style and a locale, then only read:
safe between threads."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from xml.etree.ElementTree import Element

from . import dates, numbers
from .items import Item, Name
from .names import NameStyle
from .terms import NAMESPACE, Terms, attributes
from .typography import CASES, capitalise_first, styled

T = TypeVar("T")
DATE_PART = NAMESPACE + "date-part"
FORMATTING = {
    ("font-style", "italic"): "i",
    ("font-style", "oblique"): "i",
    ("font-weight", "bold"): "b",
    ("font-variant", "small-caps"): "caps",
    ("vertical-align", "sup"): "sup",
    ("vertical-align", "sub"): "sub",
}


class Writing:
    """One entry while it is written: the item, and what has been found and used so far."""

    def __init__(self, item: Item, sheet: Terms, year_suffix: str = "") -> None:
        self.item, self.sheet, self.year_suffix = item, sheet, year_suffix
        self.tried = self.found = False
        self.used: list[str] = []
        self.spent: set[str] = set()

    def take(self, variable: str, value: T | None) -> T | None:
        """Note that a variable was asked for; nothing where it is empty or already stood in for a
        missing author."""
        self.tried = True
        if not value or variable in self.spent:
            return None
        self.found = True
        self.used.append(variable)
        return value


class Node:
    def __init__(self, element: Element, sheet: Terms) -> None:
        self.attributes, self.sheet = attributes(element), sheet
        self.formatting = [
            tag for pair, tag in FORMATTING.items() if pair in self.attributes.items()
        ]
        self.prefix, self.suffix = (
            self.attributes.get("prefix", ""),
            self.attributes.get("suffix", ""),
        )
        self.case = self.get("text-case")
        self.strips, self.quotes = (
            self.get(name) == "true" for name in ("strip-periods", "quotes")
        )
        # Most say nothing of how their text looks: it is asked once, not for every entry.
        self.is_bare = not (self.case or self.strips or self.quotes or self.formatting)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def write(self, writing: Writing) -> str:
        raise NotImplementedError

    def finish(self, text: str, item: Item | None = None) -> str:
        """Strip periods, set the case, format, quote, add what stands before and after: in this
        order."""
        if not text:
            return ""
        if not self.is_bare:
            text = self._looking(text, item)
        if not self.prefix and not self.suffix:
            return text
        add = self.sheet.typography.add
        return add(add(self.prefix, text), self.suffix)

    def _looking(self, text: str, item: Item | None) -> str:
        if self.strips:
            text = text.replace(".", "")
        text = self._cased(text, item)
        for tag in self.formatting:
            text = styled(text, tag)
        return self.sheet.typography.quoted(text) if self.quotes else text

    def _cased(self, text: str, item: Item | None) -> str:
        case = self.case
        if case != "title":
            return CASES[case](text) if case in CASES else text
        language = item.language if item and item.language else self.sheet.language
        if language.startswith("en"):
            return CASES["title"](text)
        return text if item else capitalise_first(text)


class Text(Node):
    def write(self, writing: Writing) -> str:
        if "macro" in self.attributes:
            return self.finish(self.sheet.macros[self.get("macro")].write(writing), writing.item)
        if "variable" in self.attributes:
            return self.finish(self._variable(writing), writing.item)
        text = self.get("value") if "value" in self.attributes else self._term()
        return self.finish(text or "")

    def _term(self) -> str | None:
        return self.sheet.term(
            self.get("term"), self.get("form", "long"), plural=self.get("plural") == "true"
        )

    def _variable(self, writing: Writing) -> str:
        variable, item = self.get("variable"), writing.item
        if variable == "year-suffix":
            return writing.year_suffix
        text = writing.take(variable, item.text(variable, short=self.get("form") == "short"))
        if text and variable == "title":
            return styled(text, "title")
        if not text or variable not in numbers.NUMBER_VARIABLES:
            return text or ""
        if variable == "page":
            return numbers.pages(
                text, self.sheet.page_range, self.sheet.term("page-range-delimiter") or "–"
            )
        return numbers.tidy(text)


class Number(Node):
    def write(self, writing: Writing) -> str:
        variable = self.get("variable")
        text = writing.take(variable, writing.item.text(variable))
        if not text:
            return ""
        form = self.get("form", "numeric")
        counts = text.isdecimal() and len(text) <= numbers.MOST_DIGITS
        if counts and form == "ordinal":
            text = self.sheet.ordinal(int(text), self.sheet.gender(variable))
        elif counts and form == "roman" and int(text) < numbers.MOST_ROMAN:
            text = numbers.roman(int(text))
        return self.finish(numbers.tidy(text), writing.item)


class Label(Node):
    def write(self, writing: Writing) -> str:
        """The word for a number variable, where the item has one: “p.”, “pp.”."""
        variable = self.get("variable")
        text = writing.item.text(variable)
        return (
            self.word(variable, numbers.is_plural(variable, text))
            if text and variable not in writing.spent
            else ""
        )

    def word(self, term: str, several: bool) -> str:
        plural = {"always": True, "never": False}.get(self.get("plural"), several)
        return self.finish(self.sheet.term(term, self.get("form", "long"), plural=plural) or "")


class Date(Node):
    def __init__(self, element: Element, sheet: Terms) -> None:
        super().__init__(element, sheet)
        own = {part.get("name", ""): attributes(part) for part in element.iterfind(DATE_PART)}
        self.delimiter = self.get("delimiter", "")
        if "form" not in self.attributes:
            self.parts = [dates.Part(name, its) for name, its in own.items()]
            return
        shape = sheet.date_shape(self.get("form"))
        wanted = self.get("date-parts", "year-month-day").split("-")
        self.delimiter = shape.get("delimiter", "")
        self.parts = [
            dates.Part(part.get("name", ""), attributes(part) | own.get(part.get("name", ""), {}))
            for part in shape.iterfind(DATE_PART)
            if part.get("name") in wanted
        ]

    def write(self, writing: Writing) -> str:
        variable = self.get("variable")
        date = writing.take(variable, writing.item.date(variable))
        return (
            self.finish(dates.write(date, self.parts, self.delimiter, self.sheet)) if date else ""
        )


class Parent(Node):
    children: list[Node]

    def __init__(self, element: Element, sheet: Terms) -> None:
        super().__init__(element, sheet)
        self.children = [build(child, sheet) for child in element]

    def write_children(self, writing: Writing, delimiter: str = "") -> str:
        """The children as pieces; a `cs:choose` has no place of its own and gives the pieces of its
        branch."""
        return self.sheet.typography.join(self.pieces(writing), delimiter)

    def pieces(self, writing: Writing) -> Iterable[str]:
        pieces: list[str] = []
        for child in self.children:
            if isinstance(child, Choose):
                pieces.extend(child.pieces(writing))
            else:
                pieces.append(child.write(writing))
        return pieces


class Group(Parent):
    """A group whose variables are all empty says nothing, not even its words."""

    words_count = True

    def write(self, writing: Writing) -> str:
        tried, found = writing.tried, writing.found
        writing.tried = writing.found = False
        text = self.write_children(writing, self.get("delimiter", ""))
        if writing.tried and not writing.found:
            text = ""
        writing.tried, writing.found = (
            tried or writing.tried,
            found or writing.found or (self.words_count and bool(text)),
        )
        return self.finish(text, writing.item)


class Macro(Group):
    """A macro is such a group too, but words alone in it do not keep the group around it: no “In.”
    with nothing after it."""

    words_count = False


class Layout(Parent):
    def write(self, writing: Writing) -> str:
        return self.finish(self.write_children(writing))


def _is_uncertain(item: Item, variable: str) -> bool:
    date = item.date(variable)
    return bool(date and date.circa)


def _never(item: Item, value: str) -> bool:
    return False


# What a branch may ask of an item, by the attribute that asks; of citing in a text, nothing holds.
TESTS: dict[str, Callable[[Item, str], bool]] = {
    "type": lambda item, value: item.type == value,
    "variable": Item.has,
    "is-numeric": lambda item, value: numbers.is_numeric(item.text(value)),
    "is-uncertain-date": _is_uncertain,
}
NEVER = ("locator", "position", "disambiguate")


class Branch(Parent):
    """`cs:if`, `cs:else-if`, `cs:else`."""

    def __init__(self, element: Element, sheet: Terms) -> None:
        super().__init__(element, sheet)
        self.match = self.get("match", "all")
        self.tests = [
            (test, value) for name, test in TESTS.items() for value in self.get(name).split()
        ]
        self.tests += [(_never, "") for name in NEVER if name in self.attributes]

    def holds(self, item: Item) -> bool:
        if self.match == "all":
            return all(test(item, value) for test, value in self.tests)
        return any(test(item, value) for test, value in self.tests) == (self.match == "any")


class Choose(Parent):
    children: list[Branch]  # type: ignore[assignment]

    def pieces(self, writing: Writing) -> Iterable[str]:
        item = writing.item
        for branch in self.children:
            if branch.holds(item):
                return branch.pieces(writing)
        return ()

    def write(self, writing: Writing) -> str:
        return self.sheet.typography.join(self.pieces(writing))


class EtAl(Node):
    def word(self) -> str:
        return self.finish(self.sheet.term(self.get("term", "et-al")) or "")


class Names(Node):
    style: NameStyle
    et_al: EtAl | None

    def __init__(
        self,
        element: Element,
        sheet: Terms,
        parent: "Names | None" = None,
    ) -> None:
        super().__init__(element, sheet)
        self.variables = self.get("variable").split()
        own = {child.tag.removeprefix(NAMESPACE): child for child in element}
        order = list(own)
        self.label = Label(own["label"], sheet) if "label" in own else None
        self.label_first = (
            self.label and "name" in order and order.index("label") < order.index("name")
        )
        if parent and not {"name", "label", "et-al"} & set(own):
            self.style, self.et_al, self.label, self.label_first = (
                parent.style,
                parent.et_al,
                parent.label,
                parent.label_first,
            )
        else:
            name = attributes(own["name"]) if "name" in own else {}
            self.style = NameStyle.read(name, sheet.name_options)
            self.et_al = EtAl(own["et-al"], sheet) if "et-al" in own else None
        self.name = Node(own["name"], sheet) if "name" in own else None
        self.substitutes = [
            Names(child, sheet, self) if child.tag == NAMESPACE + "names" else build(child, sheet)
            for child in own.get("substitute", ())
        ]

    def write(self, writing: Writing) -> str:
        groups = [
            self._group(variable, people, writing) for variable, people in self._people(writing)
        ]
        delimiter = self.get("delimiter", self.sheet.name_options.get("names-delimiter", ""))
        text = self.finish(self.sheet.typography.join(groups, delimiter), writing.item)
        return text or self._substitute(writing)

    def _people(self, writing: Writing) -> Iterable[tuple[str, list[Name]]]:
        """The lists of names to write; editors who are the translators too stand once."""
        people = {
            variable: found
            for variable in self.variables
            if (found := writing.take(variable, writing.item.names(variable)))
        }
        both = {"editor", "translator"}
        if (
            both <= set(people)
            and people["editor"] == people["translator"]
            and self.sheet.term("editortranslator")
        ):
            people = {
                "editortranslator" if key == "editor" else key: value
                for key, value in people.items()
                if key != "translator"
            }
        return people.items()

    def _group(self, variable: str, people: list[Name], writing: Writing) -> str:
        et_al = self.et_al.word() if self.et_al else self.sheet.term("et-al")
        text = self.style.write(people, self.sheet, et_al)
        if self.name:
            text = self.name.finish(text, writing.item)
        label = self.label.word(variable, len(people) > 1) if self.label else ""
        return self.sheet.typography.join([label, text] if self.label_first else [text, label])

    def _substitute(self, writing: Writing) -> str:
        """What stands in for missing authors is not repeated further on."""
        for substitute in self.substitutes:
            before = len(writing.used)
            text = substitute.write(writing)
            if text:
                writing.spent.update(writing.used[before:])
                return (
                    self.finish(text, writing.item) if not isinstance(substitute, Names) else text
                )
        return ""


KINDS = {
    "text": Text,
    "number": Number,
    "label": Label,
    "date": Date,
    "group": Group,
    "choose": Choose,
    "if": Branch,
    "else-if": Branch,
    "else": Branch,
    "names": Names,
}


def build(element: Element, sheet: Terms) -> Node:
    return KINDS[element.tag.removeprefix(NAMESPACE)](element, sheet)
