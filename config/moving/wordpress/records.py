"""What an export of WordPress holds, as plain records."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Problem:
    """What could not be read or kept, and why; `line` of the file, 0 where there is none."""

    line: int
    reason: str
    what: str = ""


@dataclass
class Author:
    login: str
    name: str
    email: str = ""
    number: int = 0


@dataclass
class Term:
    """A category, a tag, or a term of a plug-in's own. `kind` is WordPress's word."""

    kind: str
    slug: str
    name: str
    parent: str = ""
    number: int = 0


@dataclass
class Site:
    """What stands before the items. `address` is that of the blog, without a slash at its end."""

    title: str = ""
    address: str = ""
    version: str = ""
    language: str = ""
    authors: list[Author] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)


@dataclass
class Comment:
    number: int
    parent: int
    name: str
    email: str
    url: str
    at: datetime | None
    text: str
    approved: str
    kind: str
    by_user: int = 0
    line: int = 0


@dataclass
class Item:
    """A post, a page, an attachment, or whatever else WordPress calls a post."""

    number: int
    kind: str
    status: str = ""
    title: str = ""
    link: str = ""
    slug: str = ""
    parent: int = 0
    order: int = 0
    at: datetime | None = None
    modified: datetime | None = None
    text: str = ""
    excerpt: str = ""
    creator: str = ""
    password: str = ""
    sticky: bool = False
    comments_open: bool = True
    file: str = ""
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    line: int = 0
    place: int = 0
