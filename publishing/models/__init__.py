from ..search.tables import IndexEntry, WordGram
from ..taskworkers import TaskWorker
from .announcements import Announcement, MenuSection
from .consents import Consent
from .editing import EditingDraft, SavedForm, Trashed
from .images import Image
from .links import PageLink, delete_page, generic_key, rerender_pages_linking_to
from .page import PublishableQuerySet, RichPage, State, rich_page_models
from .publishable import Publishable, publishable_models
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
    "RichPage",
    "SavedForm",
    "SiteSettings",
    "State",
    "TaskWorker",
    "Trashed",
    "WordGram",
    "delete_page",
    "generic_key",
    "publishable_models",
    "rerender_pages_linking_to",
    "rich_page_models",
]
