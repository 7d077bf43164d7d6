"""The site's own settings, with what a test run must not share with a real site."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["SECRET_KEY"] = "for-tests-only-" + "x" * 50
os.environ["DEBUG"] = "false"
os.environ["SITE_URL"] = "http://testserver"
os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
# Without a server, a file, where possible in memory. A SQLite database without a file is one
# connection for all threads of the server that a browser asks, and threads that share one can wait
# for each other for ever.
FOLDER = tempfile.mkdtemp(
    prefix="review-tests-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None
)
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["DATABASE_URL"] = (
    os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{FOLDER}/site.sqlite3"
)

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Done at once, within what asks for them; tests/publishing/test_tasks.py has the queue and a
# worker.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CHECK_LINKS = False  # tests that want it say so, with a server of their own
WATCH_NOTICES = False
LIMITS = {}  # all tests come from one address; those of the limits set them
CAPTCHA_SOUNDS = f"{FOLDER}/captcha"
SAMPLE_KEPT = os.environ.get("SAMPLE_KEPT") or f"{FOLDER}/sample"
UNANSWERED_SOCKET = f"{FOLDER}/unanswered.sock"
CAPTCHA_POOL = 0  # challenges are computed; a test that wants a pool fills it
WHITENOISE_AUTOREFRESH = True  # a test run needs no collected static files
if not os.environ.get("TEST_DATABASE_URL"):
    DATABASES["default"]["TEST"] = {"NAME": f"{FOLDER}/test.sqlite3"}  # noqa: F405
