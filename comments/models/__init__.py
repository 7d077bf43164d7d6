from .access import Access
from .choices import COMMENT_LANGUAGES, SUSPECT, Kind, Role, Status
from .comment import Comment, Mention
from .desk import Blocked, Decision, DeskSettings, Snippet, TaskLock, WordList
from .erasures import Erasure
from .kept import KeptAnswer
from .mail import MailedComment
from .people import AddressSecret, SpentChallenge, Subscription, Writer, new_key

__all__ = [
    "COMMENT_LANGUAGES",
    "SUSPECT",
    "Access",
    "AddressSecret",
    "Blocked",
    "Comment",
    "Decision",
    "DeskSettings",
    "Erasure",
    "KeptAnswer",
    "Kind",
    "MailedComment",
    "Mention",
    "Role",
    "Snippet",
    "SpentChallenge",
    "Status",
    "Subscription",
    "TaskLock",
    "WordList",
    "Writer",
    "new_key",
]
