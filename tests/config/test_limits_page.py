"""The page of limits says what is so."""

import re

from django.conf import settings as site

from config import settings as shipped

from .limits import PAGE, RATES, table

# Of a view or a function: `limits.hit("forms", …)`, `@limited("searches")`.
USED = re.compile(r"""(?:\b(?:hit|reached|limited|_refused)\((?:request, )?)"([a-z -]+)\"""")


def test_it_says_what_the_settings_and_the_code_say(settings):
    settings.LIMITS, settings.CAPTCHA_POOL = shipped.LIMITS, shipped.CAPTCHA_POOL
    assert PAGE.read_text(encoding="utf-8") == table(), "python -m tests.config.limits"


def test_every_rate_is_named_and_asked_for_somewhere():
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for app in ("config", "review", "blog", "comments", "references", "publishing")
        for path in (site.BASE_DIR / app).rglob("*.py")
    )
    assert set(RATES) == set(shipped.LIMITS) == set(USED.findall(code))
