"""The challenge of the form as a picture and as a sound. They read and write nothing; the library's
own views would."""

import io

from captcha.conf.settings import CAPTCHA_FONT_PATH
from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe
from ranged_response import RangedFileResponse

from publishing.later import later
from publishing.limits import limited

from . import captcha, captcha_sound

Image, ImageDraw, ImageFont = (later(f"PIL.{name}") for name in ("Image", "ImageDraw", "ImageFont"))
GONE = 410  # search engines do not come back for it


@require_safe
@limited("challenges")
def image(request, key):
    digits = captcha.digits(key)
    return (
        HttpResponse(picture(digits), content_type="image/png")
        if digits
        else HttpResponse(status=GONE)
    )


def picture(digits):
    """Wide apart, so that none is taken for a part of the next; the library sets them side by
    side."""
    width, height = settings.CAPTCHA_IMAGE_SIZE
    drawn, out = Image.new("L", (width, height), "white"), io.BytesIO()
    font = ImageFont.truetype(CAPTCHA_FONT_PATH, settings.CAPTCHA_FONT_SIZE)
    for place, digit in enumerate(digits, start=1):
        at = width * place / (len(digits) + 1), height / 2
        ImageDraw.Draw(drawn).text(at, digit, font=font, fill="#111", anchor="mm")
    drawn.save(out, "PNG")
    return out.getvalue()


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
