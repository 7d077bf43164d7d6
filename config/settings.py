"""All settings. What differs between machines is read from the environment or .env; see .env.example."""

import shutil
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from .env import BASE_DIR, VAR_DIR, database, env, env_bool, env_choice, env_int, secret_key, sender, site_url

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = secret_key(DEBUG)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

SITE_URL = site_url("http://127.0.0.1:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost", "[::1]"])
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
    "reversion_compare",
    "post_office",
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "publishing.http.cache.CompressedTextMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "publishing.http.cache.PublicPageMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "publishing.languages.AddressLanguageMiddleware",
    "publishing.http.redirects.OldAddressMiddleware",
    "publishing.http.requests.NullByteMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
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

DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# The pair, not the address alone: one wrong guesser must not lock the author out from everywhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 1
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
LOGIN_URL = "admin:login"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ca", _("Catalan"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Madrid"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "publishing.storage.StaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
# What browsers ask for at the top of a site without being told: /favicon.ico, /apple-touch-icon.png.
WHITENOISE_ROOT = BASE_DIR / "static/root"
SERVE_MEDIA = env_bool("SERVE_MEDIA", True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
IMAGE_MAX_BYTES = 12 * 1024 * 1024
IMAGE_MAX_PIXELS = 40_000_000
IMAGE_WIDTHS = [480, 960, 1600]
# Files of the author's own, such as PDFs of articles: never served by address, and part of every backup.
PRIVATE_ROOT = env.path("PRIVATE_ROOT", default=str(VAR_DIR / "private"))()
IMPORT_MAX_BYTES = 10 * 1024 * 1024
PDF_MAX_BYTES = 60 * 1024 * 1024
# PDF and EPUB files, kept until what is in them changes. They can be thrown away at any time.
BOOKS_ROOT = env.path("BOOKS_ROOT", default=str(VAR_DIR / "books"))()
BOOK_MAX_PAGES = 600
BOOK_SECONDS = 180

# Security. HTTPS is assumed whenever SITE_URL says so.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"  # for browsers that do not know frame-ancestors below, which lets the desk show our own pages
CSRF_COOKIE_AGE = None  # the one cookie a reader can get, with an open form: gone when the browser is closed
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
if env_bool("BEHIND_PROXY", HTTPS):
    MIDDLEWARE.insert(0, "config.proxy.ReaderAddressMiddleware")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PERMISSIONS_POLICY = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
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
# CKEditor 4 writes inline style and event handlers; only screens that carry the editor get this. See docs/adr/.
EDITOR_CSP = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}

# Only staff see CKEditor 4; what it writes is cleaned by nh3 on save. See docs/adr/0003.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]

CAPTCHA_CHALLENGE_FUNCT = "comments.captcha.sum_challenge"
CAPTCHA_TIMEOUT = 60  # minutes: people write slowly
# Twice the size it is shown at, for fine screens.
CAPTCHA_IMAGE_SIZE = (360, 112)
CAPTCHA_FONT_SIZE = 68
CAPTCHA_2X_IMAGE = False
# The sum is read aloud where the server can speak.
CAPTCHA_FLITE_PATH = shutil.which("flite")
CAPTCHA_SOX_PATH = shutil.which("sox")
CAPTCHA_NOISE_FUNCTIONS = ()
CAPTCHA_LETTER_ROTATION = None
COMMENT_MAX_LENGTH = 20_000
COMMENT_MIN_SECONDS = 3
COMMENT_EDIT_HOURS = env_int("COMMENT_EDIT_HOURS", 24)  # how long its writer may correct a comment
# After how many days `purge_personal_data` forgets what; the privacy page says these same numbers.
COMMENT_SPAM_DAYS = env_int("COMMENT_SPAM_DAYS", 30)
COMMENT_TRASH_DAYS = env_int("COMMENT_TRASH_DAYS", 90)
COMMENT_HASH_DAYS = env_int("COMMENT_HASH_DAYS", 14)
COMMENT_EMAIL_DAYS = env_int("COMMENT_EMAIL_DAYS", 30)  # addresses nobody has confirmed
COMMENT_ORIGINAL_DAYS = env_int("COMMENT_ORIGINAL_DAYS", 90)  # of redacted words, and what the desk can take back
LOGIN_DAYS = env_int("LOGIN_DAYS", 30)  # who tried to log in to the admin, and from where
DRAFT_DAYS = env_int("DRAFT_DAYS", 30)  # what was typed at the desk and never saved
TRASH_DAYS = env_int("TRASH_DAYS", 90)  # pages, works and figures the author deleted
# Days after its last words a conversation takes no more replies; 0: never.
COMMENTS_CLOSE_AFTER_DAYS = env_int("COMMENTS_CLOSE_AFTER_DAYS", 0)

# What adds other words to a search: functions from phrases to `publishing.search.Expansion`s.
SEARCH_EXPANDERS = ["references.synonyms.expand"]

# A service that judges spam, asked after a comment is kept; empty: none is. See docs/operator.md.
AKISMET_URL = env.str("AKISMET_URL", default="")
AKISMET_KEY = env.str("AKISMET_KEY", default="")
AKISMET_TIMEOUT = 4  # seconds a sender may have to wait for it

# Where DOIs and PMIDs are looked up when the author asks for it, who is said to ask, and seconds to wait for the answer.
CROSSREF_URL = env.str("CROSSREF_URL", default="https://api.crossref.org").rstrip("/")
EUTILS_URL = env.str("EUTILS_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils").rstrip("/")
LOOKUP_CONTACT = env.str("LOOKUP_CONTACT", default="")
LOOKUP_TIMEOUT = env_int("LOOKUP_TIMEOUT", 10)
LOOKUP_ALLOW_LOOPBACK = False  # for tests alone: their server is on this machine

# Mail is kept in the database and sent by `run_tasks`. Without a server it is written to files.
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL", EMAIL_PORT == 465)
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", EMAIL_PORT == 587)
EMAIL_TIMEOUT = env_int("EMAIL_TIMEOUT", 20)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default=sender(SITE_URL))
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_KEEP_DAYS = env_int("MAIL_KEEP_DAYS", 30)  # how long a mail stays in the database once it is sent
POST_OFFICE = {
    # One name for one mail, however often it is tried: a server that took it the first time knows it again.
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname,
    "MAX_RETRIES": 20,
    "LOG_LEVEL": 1,
}

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False

CKEDITOR_CONFIGS = {}  # publishing.richtext.fields declares the one editor; see publishing/richtext/sanitise.py

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "none": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["console"], "level": env_choice("LOG_LEVEL", "WARNING", LOG_LEVELS)},
    # Robots ask for any name all day long; they get their 400 without a traceback each.
    "loggers": {"django.security.DisallowedHost": {"handlers": ["none"], "propagate": False}},
}
