"""All settings. What differs between machines is read from the environment or .env; see
.env.example."""

import shutil
from importlib import import_module
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from publishing.http.isolation import of_static_files

from .env import (
    BASE_DIR,
    VAR_DIR,
    bucket,
    database,
    env,
    env_bool,
    env_choice,
    env_int,
    env_networks,
    secret_key,
    sender,
    shared_cache,
    site_url,
)

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = secret_key(DEBUG)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

SITE_URL = site_url("http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
HTTPS = env_bool("HTTPS", SITE_URL.startswith("https://"))

INSTALLED_APPS = [
    "config",
    "review",
    "blog",
    "comments",
    "references",
    "publishing",
    "ckeditor",
    "taggit",
    "captcha",
    "reversion",
    "post_office",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "config.apps.DeskConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "publishing.http.files.StaticFilesMiddleware",
    "publishing.http.cache.CompressedTextMiddleware",
    "publishing.http.isolation.CrossOriginMiddleware",
    "publishing.http.policy.PolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "publishing.http.cache.PublicPageMiddleware",
    "publishing.http.policy.UnchangedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "publishing.languages.AddressLanguageMiddleware",
    "config.unavailable.UnavailableMiddleware",
    "publishing.http.redirects.OldAddressMiddleware",
    "publishing.http.requests.MethodMiddleware",
    "publishing.http.requests.NullByteMiddleware",
    "publishing.http.requests.ShortTasksMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.door.browsers.KnownBrowserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

loaders = ["config.templates.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # In development Django reads the files again for each page.
            "builtins": ["publishing.templatetags.addresses"],
            "loaders": loaders if DEBUG else [("config.templates.Kept", loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "django.contrib.auth.context_processors.auth",
                "publishing.context.site",
            ],
        },
    },
]

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")
# How long a request of the web server waits for a lock; commands, which nobody watches, wait
# longer.
WEB_THREADS = env_int(
    "WEB_THREADS", 0
)  # of each process, as its configuration says; 0: this is no web server
LOCK_SECONDS = env_int("LOCK_SECONDS", 4)
DATABASES = {"default": database(DATABASE_URL, LOCK_SECONDS if WEB_THREADS else None)}
# A copy that follows it by itself, from which readers' pages are made: publishing/http/replica.py.
if DATABASE_REPLICA_URL := env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = database(DATABASE_REPLICA_URL, LOCK_SECONDS if WEB_THREADS else None)
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    within = MIDDLEWARE.index("publishing.http.cache.PublicPageMiddleware") + 1
    MIDDLEWARE.insert(within, "publishing.http.replica.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
COUNTED_HERE = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "limits",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What is counted for LIMITS; oldest counts go first. With CACHE_URL all processes count
    # together, and each for itself while that does not answer.
    "limits": shared_cache() or COUNTED_HERE,
    "limits-here": COUNTED_HERE,
}

# Public pages are kept ready in the memory of each process of the web server; 0: none are.
# With CACHE_URL each page is made once for all of them (publishing/http/shared.py).
PAGE_STORE_MB = env_int("PAGE_STORE_MB", 0 if DEBUG else 16)
# What pages are made by: nodes share those of the same code alone.
CODE_FOLDERS = [
    "config", "review", "blog", "comments", "references", "publishing", "templates", "static",
    "locale",
]  # fmt: skip
# Whether pages name what a CDN can purge them by (Surrogate-Key, Cache-Tag); whom to tell when
# words are withdrawn or erased, “PURGE https://…”, with these headers: publishing/http/purging.py.
SURROGATE_KEYS = env_bool("SURROGATE_KEYS", False)
PURGE_URLS = env.list("PURGE_URLS", default=[])
PURGE_HEADERS = env.list("PURGE_HEADERS", default=[])
# What changes pages by itself: functions `now -> (the last moment, the next one)`.
READERS_MOMENTS = ["publishing.scheduled.moments", "comments.threads.closing.moments"]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "config.passwords.NotOnlyNames"},
]
# The pair, not the address alone: one wrong guesser must not lock the author out from everywhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 1
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # config.admin has what is needed of it
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
LOGIN_URL = "admin:login"
# Of whoever can publish or see e-mail addresses; see config/door and docs/adr/0034. A site that is
# tried out on one's own machine asks for none.
SECOND_FACTOR_REQUIRED = env_bool("SECOND_FACTOR_REQUIRED", HTTPS and not DEBUG)
PASSWORD_AGAIN_MINUTES = 15  # after which it is asked for before what weighs much
SESSION_IDLE_HOURS = env_int("SESSION_IDLE_HOURS", 12, least=1)
SESSION_COOKIE_AGE = SESSION_IDLE_HOURS * 3600
# Only keys, codes and the list of sessions are taken from django-allauth: no address of its is
# served, nobody can sign up.
ACCOUNT_ADAPTER = "config.door.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "config.door.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # half a minute either way: telephones' clocks

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ca", _("Catalan"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "Europe/Madrid"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.static.AppFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "publishing.storage.StaticFilesStorage"},
}
# Pictures and private files in a store that speaks S3; the folders hold copies then.
S3 = bucket()
if S3:
    STORAGES["default"] = {"BACKEND": "publishing.bucket.MediaInBucket"}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
WHITENOISE_ADD_HEADERS_FUNCTION = of_static_files
# What browsers ask for at the top of a site without being told: /favicon.ico,
# /apple-touch-icon.png.
WHITENOISE_ROOT = BASE_DIR / "static/root"
SERVE_MEDIA = env_bool("SERVE_MEDIA", True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
IMAGE_MAX_BYTES = 12 * 1024 * 1024
IMAGE_MAX_PIXELS = 40_000_000
IMAGE_WIDTHS = [480, 960, 1600]
# Files of the author's own, such as PDFs of articles: never served by address, and part of every
# backup.
PRIVATE_ROOT = env.path("PRIVATE_ROOT", default=str(VAR_DIR / "private"))()
# Where backups are prepared and restored into scratch, and when the last one was made.
BACKUP_ROOT = env.path("BACKUP_ROOT", default=str(VAR_DIR / "backup"))()
IMPORT_MAX_BYTES = 50 * 1024 * 1024
# Without the task worker, who sends the file waits for it.
IMPORT_MAX_BYTES_AT_ONCE = 10 * 1024 * 1024
PDF_MAX_BYTES = 60 * 1024 * 1024
# PDF and EPUB files, kept until what is in them changes. They can be thrown away at any time.
BOOKS_ROOT = env.path("BOOKS_ROOT", default=str(VAR_DIR / "books"))()
BOOK_MAX_PAGES = 600
BOOK_SECONDS = 180

# Security. HTTPS is assumed whenever SITE_URL says so.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
# for browsers that do not know frame-ancestors below, which lets the desk show our own pages
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_AGE = (
    None  # the one cookie a reader can get, with an open form: gone when the browser is closed
)
# With this prefix browsers keep no cookie of these names from a subdomain or an open connection.
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Into the lists of browsers, from which there is no quick way back: only who asks for it.
SECURE_HSTS_PRELOAD = env_bool("HSTS_PRELOAD", False)
# Networks a proxy may stand in; a socket file is always the proxy's. Whoever comes from elsewhere
# says nothing of addresses and schemes that is believed.
PROXY_NETWORKS = env_networks("PROXY_NETWORKS", ["127.0.0.0/8", "::1/128"])
# Whom /.well-known/security.txt names: mailto:… or https://…; without any, the site's own contact.
SECURITY_CONTACTS = env.list("SECURITY_CONTACTS", default=[])
SECURITY_POLICY = env.str("SECURITY_POLICY", default="")
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
if env_bool("BEHIND_PROXY", HTTPS):
    MIDDLEWARE.insert(1, "config.proxy.ReaderAddressMiddleware")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PURGE_URLS:
    MIDDLEWARE.append("publishing.http.purging.PurgeMiddleware")
PERMISSIONS_POLICY = {
    feature: []
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
# PeerTube servers whose videos a text may show, by host name.
PEERTUBE_HOSTS = env.list("PEERTUBE_HOSTS", default=[])
VIDEO_FRAMES = [
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    *(f"https://{host}" for host in PEERTUBE_HOSTS),
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF, *VIDEO_FRAMES],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "object-src": [NONE],
    }
}
# CKEditor 4 writes inline style and event handlers; only screens that carry the editor get this.
# See docs/adr/.
EDITOR_CSP = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}

# Only staff see CKEditor 4; what it writes is cleaned by nh3 on save. See docs/adr/0003.
# Whether a site is on the lists of HSTS is its owner's to choose (HSTS_PRELOAD).
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001", "security.W021"]

CAPTCHA_CHALLENGE_FUNCT = "comments.captcha.three_digits"
# Challenges lie ready, so that opening a form writes nothing. Each is given out for a day and good
# for another (minutes).
CAPTCHA_GET_FROM_POOL = True
CAPTCHA_GET_FROM_POOL_TIMEOUT = 24 * 60  # people write slowly
CAPTCHA_TIMEOUT = 2 * CAPTCHA_GET_FROM_POOL_TIMEOUT
CAPTCHA_POOL = 500
# Twice the size it is shown at, for fine screens.
CAPTCHA_IMAGE_SIZE = (360, 112)
CAPTCHA_FONT_SIZE = 68
# The digits are read aloud where the server can speak: in the reader's language, or in English
# only.
CAPTCHA_ESPEAK_PATH = shutil.which("espeak-ng")
CAPTCHA_FLITE_PATH = shutil.which("flite")
CAPTCHA_SOUNDS = VAR_DIR / "captcha"  # can be thrown away at any time
COMMENT_MAX_LENGTH = 20_000
COMMENT_MIN_SECONDS = 3
COMMENT_KEY_DAYS = env_int("COMMENT_KEY_DAYS", 365, least=1)  # a key to one's own page opens it
COMMENT_EDIT_HOURS = env_int("COMMENT_EDIT_HOURS", 24)  # how long its writer may correct a comment
# After how many days `purge_personal_data` forgets what; the privacy page says these same numbers.
COMMENT_SPAM_DAYS = env_int("COMMENT_SPAM_DAYS", 30)
COMMENT_TRASH_DAYS = env_int("COMMENT_TRASH_DAYS", 90)
COMMENT_HASH_DAYS = env_int("COMMENT_HASH_DAYS", 14)
COMMENT_EMAIL_DAYS = env_int("COMMENT_EMAIL_DAYS", 30)  # addresses nobody has confirmed
COMMENT_ORIGINAL_DAYS = env_int(
    "COMMENT_ORIGINAL_DAYS", 90
)  # of redacted words, and what the desk can take back
LOGIN_DAYS = env_int("LOGIN_DAYS", 30)  # who tried to log in to the admin, and from where
DRAFT_DAYS = env_int("DRAFT_DAYS", 30)  # what was typed at the desk and never saved
TRASH_DAYS = env_int("TRASH_DAYS", 90)  # pages, works and figures the author deleted
# Days after its last words a conversation takes no more replies; 0: never.
COMMENTS_CLOSE_AFTER_DAYS = env_int("COMMENTS_CLOSE_AFTER_DAYS", 0)

# How often anybody may do what costs the site something: per whom, how often, in how many seconds;
# see docs/operator.md. A hospital has one network address: what one address may do must do for all
# who sit behind it.
MINUTES, HOUR = 60, 3600
LIMITS = {
    "forms": [("address", 200, 10 * MINUTES), ("all", 4000, 10 * MINUTES)],
    "challenges": [("address", 400, 10 * MINUTES), ("all", 8000, 10 * MINUTES)],
    "wrong answers": [("address", 20, HOUR), ("all", 2000, HOUR)],
    "previews": [("address", 1500, 10 * MINUTES), ("all", 15_000, 10 * MINUTES)],
    "sendings": [("address", 200, HOUR), ("all", 6000, HOUR)],
    "comments": [("address", 60, HOUR), ("mailbox", 20, HOUR), ("all", 600, HOUR)],
    "own pages": [("address", 200, HOUR), ("all", 4000, HOUR)],
    "followings": [("address", 30, HOUR), ("mailbox", 5, HOUR), ("all", 600, HOUR)],
    "nominations": [("address", 20, HOUR), ("mailbox", 5, HOUR), ("all", 200, HOUR)],
    "subscriptions": [("address", 100, HOUR), ("all", 2000, HOUR)],
    # By browsers that never logged in to this account: its owner's own are not held up by them.
    "wrong passwords": [("account", 40, HOUR)],
    "wrong codes": [("account", 12, HOUR)],
    "passkeys": [("address", 60, 10 * MINUTES), ("all", 600, 10 * MINUTES)],
    "searches": [("address", 600, 10 * MINUTES), ("all", 12_000, 10 * MINUTES)],
    "suggestions": [("address", 2000, 10 * MINUTES), ("all", 40_000, 10 * MINUTES)],
    "look-ups": [("address", 60, 10 * MINUTES), ("all", 200, 10 * MINUTES)],
}

# Where the server tells the task worker of searches that found nothing.
UNANSWERED_SOCKET = VAR_DIR / "unanswered.sock"

# What adds other words to a search: functions from phrases to `publishing.search.Expansion`s.
SEARCH_EXPANDERS = ["references.synonyms.other_words"]

# The archive at which published versions can be deposited: Zenodo, or its sandbox to try it; the
# token is a person's own there. Empty: nothing is offered.
ZENODO_URL = env.str("ZENODO_URL", default="https://sandbox.zenodo.org").rstrip("/")
ZENODO_TOKEN = env.str("ZENODO_TOKEN", default="")

# A service that judges spam, asked after a comment is kept; empty: none is. See docs/operator.md.
AKISMET_URL = env.str("AKISMET_URL", default="")
AKISMET_KEY = env.str("AKISMET_KEY", default="")
AKISMET_TIMEOUT = 4  # seconds a sender may have to wait for it

# Where DOIs and PMIDs are looked up when the author asks for it, who is said to ask, and seconds to
# wait for the answer.
CROSSREF_URL = env.str("CROSSREF_URL", default="https://api.crossref.org").rstrip("/")
EUTILS_URL = env.str("EUTILS_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils").rstrip(
    "/"
)
OPENLIBRARY_URL = env.str("OPENLIBRARY_URL", default="https://openlibrary.org").rstrip("/")
UNPAYWALL_URL = env.str("UNPAYWALL_URL", default="https://api.unpaywall.org").rstrip("/")
EUROPEPMC_URL = env.str(
    "EUROPEPMC_URL", default="https://www.ebi.ac.uk/europepmc/webservices/rest"
).rstrip("/")
# Who cites a work and whom it cites; a key of OpenAlex raises what it answers in a day.
OPENALEX_URL = env.str("OPENALEX_URL", default="https://api.openalex.org").rstrip("/")
OPENALEX_API_KEY = env.str("OPENALEX_API_KEY", default="")
OPENCITATIONS_URL = env.str(
    "OPENCITATIONS_URL", default="https://api.opencitations.net/index/v2"
).rstrip("/")
LOOKUP_CONTACT = env.str("LOOKUP_CONTACT", default="")
# Whoever has a key of their own may ask PubMed ten times a second, not three.
EUTILS_API_KEY = env.str("EUTILS_API_KEY", default="")
LOOKUP_TIMEOUT = env_int("LOOKUP_TIMEOUT", 10)
LOOKUP_ALLOW_LOOPBACK = False  # for tests alone: their server is on this machine

# Once a day the links of the texts to other sites are asked for, as far as they are due.
CHECK_LINKS = env_bool("CHECK_LINKS", True)
# Once a week Crossref and PubMed are asked whether a work was retracted or corrected.
WATCH_NOTICES = env_bool("WATCH_NOTICES", True)
LINK_TIMEOUT = 15  # seconds for one of them, whatever happens
LINK_PAUSE = 5  # seconds between two questions to one site

# Mail is kept in the database and sent by `run_tasks`. Without a server it is written to files.
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env_int("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL", EMAIL_PORT == 465)
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", EMAIL_PORT == 587)
EMAIL_TIMEOUT = env_int("EMAIL_TIMEOUT", 20, least=1)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_BACKEND = (
    "publishing.mailing.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default=sender(SITE_URL))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where servers send reports of mails that came back, and where `run_tasks` reads them: a Maildir,
# an mbox or imaps://user:password@host/folder. Without the second nobody reads them.
EMAIL_BOUNCES_TO = env.str("EMAIL_BOUNCES_TO", default="")
BOUNCES = env.str("BOUNCES", default="")
MAIL_KEEP_DAYS = env_int(
    "MAIL_KEEP_DAYS", 30
)  # how long a mail stays in the database once it is sent
POST_OFFICE = {
    # One name for one mail, however often it is tried: a server that took it the first time knows
    # it again.
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname,
    "MAX_RETRIES": 20,
    "LOG_LEVEL": 1,
}

# Long work is put in a queue of the database; `run_worker` works it off. See docs/adr/0013.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False
TAGGIT_TAGS_FROM_STRING = "publishing.tags.from_string"
TAGGIT_STRING_FROM_TAGS = "publishing.tags.to_string"

# publishing.richtext.fields declares the one editor; see publishing/richtext/elements.py
CKEDITOR_CONFIGS = {}

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMAT = env_choice("LOG_FORMAT", "PLAIN", ("PLAIN", "JSON"))
SLOW_QUERY_MS = env_int("SLOW_QUERY_MS", 500)  # from then on a question to the database is named
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "PLAIN": {"()": "config.logs.PlainFormatter"},
        "JSON": {"()": "config.logs.JSONFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "none": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env_choice("LOG_LEVEL", "WARNING", LOG_LEVELS)},
    "loggers": {
        # Django would send its own past the formatter, to the console and by mail.
        "django": {"handlers": [], "propagate": True},
        # Robots ask for any name all day long; they get their 400 without a line each.
        "django.security.DisallowedHost": {"handlers": ["none"], "propagate": False},
        # A server that is away: who asked it says so, the pool would with each of its attempts.
        "psycopg.pool": {"level": "ERROR"},
    },
}

# Where mistakes of ours are told; empty: nowhere, and nothing for it is loaded. See config/reports.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    import_module("config.reports").start(SENTRY_DSN)
