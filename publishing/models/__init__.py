from ..search.tables import FoundNothing, IndexEntry, IndexRules, WordGram
from ..taskworkers import TaskWorker
from .announcements import Announcement, MenuSection
from .consents import Consent
from .editing import EditingDraft, SavedForm, Trashed
from .following import Digest, Follower
from .generation import Generation
from .images import Image, ImageFile
from .links import (
    PageLink,
    delete_page,
    generic_key,
    rerender_later,
    rerender_pages_linking_to,
)
from .moving import ImportedItem, SiteImport
from .next_versions import NextVersion, PreviewLink
from .page import PublishableQuerySet, RichPage, State, rich_page_models
from .publishable import Publishable, publishable_models
from .redirects import Redirect
from .settings import SiteSettings
from .subjects import TagName
from .upkeep import ExternalLink, LinkState, Replacement
from .versions import Deposit, KindOfChange, PublishedVersion

__all__ = [
    "Announcement",
    "Consent",
    "Deposit",
    "Digest",
    "EditingDraft",
    "ExternalLink",
    "Follower",
    "FoundNothing",
    "Generation",
    "Image",
    "ImageFile",
    "ImportedItem",
    "IndexEntry",
    "IndexRules",
    "KindOfChange",
    "LinkState",
    "MenuSection",
    "NextVersion",
    "PageLink",
    "PreviewLink",
    "Publishable",
    "PublishableQuerySet",
    "PublishedVersion",
    "Redirect",
    "Replacement",
    "RichPage",
    "SavedForm",
    "SiteImport",
    "SiteSettings",
    "State",
    "TagName",
    "TaskWorker",
    "Trashed",
    "WordGram",
    "delete_page",
    "generic_key",
    "publishable_models",
    "rerender_later",
    "rerender_pages_linking_to",
    "rich_page_models",
]
