"""The challenge of the form as a picture and as a sound. They read and write nothing; the library's own views would."""

import io

from captcha.models import CaptchaStore
from captcha.views import _captcha_image
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from ranged_response import RangedFileResponse

from publishing.limits import limited

from . import captcha, captcha_sound

GONE = 410  # search engines do not come back for it


@require_safe
@limited("challenges")
def image(request, key):
    digits = captcha.digits(key)
    return _captcha_image(CaptchaStore(challenge=digits), scale=1) if digits else HttpResponse(status=GONE)


@require_safe
@limited("challenges")
def audio(request, language, key):
    if captcha_sound.language_for(language) != language:
        raise Http404
    digits = captcha.digits(key)
    if not digits:
        return HttpResponse(status=GONE)
    try:
        sound = captcha_sound.speak(digits, language)
    except captcha_sound.CannotSpeak:
        return HttpResponse(status=503)
    # Some browsers play nothing that they cannot ask for in pieces.
    return RangedFileResponse(request, io.BytesIO(sound), content_type="audio/wav")
