from .announcements import Announcement, MenuSection
from .consents import Consent
from .images import Image
from .index import IndexEntry, WordGram
from .links import PageLink, delete_page, of, rerender_pages_linking_to
from .page import Publishable, PublishableQuerySet, State, publishable_models
from .redirects import Redirect
from .settings import SiteSettings
from .workers import TaskWorker

__all__ = [
    "Announcement",
    "Consent",
    "Image",
    "IndexEntry",
    "MenuSection",
    "PageLink",
    "Publishable",
    "PublishableQuerySet",
    "Redirect",
    "SiteSettings",
    "State",
    "TaskWorker",
    "WordGram",
    "delete_page",
    "of",
    "publishable_models",
    "rerender_pages_linking_to",
]
