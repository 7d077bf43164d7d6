from .announcements import Announcement, MenuSection
from .consents import Consent
from .editing import EditingDraft, SavedForm, Trashed
from .images import Image
from .index import IndexEntry, WordGram
from .links import PageLink, delete_page, of, rerender_pages_linking_to
from .page import Publishable, PublishableQuerySet, State, publishable_models
from .redirects import Redirect
from .settings import SiteSettings

__all__ = [
    "Announcement",
    "Consent",
    "EditingDraft",
    "Image",
    "IndexEntry",
    "MenuSection",
    "PageLink",
    "Publishable",
    "PublishableQuerySet",
    "Redirect",
    "SavedForm",
    "SiteSettings",
    "State",
    "Trashed",
    "WordGram",
    "delete_page",
    "of",
    "publishable_models",
    "rerender_pages_linking_to",
]
