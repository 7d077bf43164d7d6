"""The digits of a challenge, spoken. Each digit is recorded once in each language; three of them
make a sound.

espeak-ng speaks the reader's language; flite, which many servers have already, speaks English.
"""

import io
import logging
import os
import subprocess
import tempfile
import wave
from pathlib import Path

from django.conf import settings

NAMES = {
    "en": "zero one two three four five six seven eight nine",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "ca": "zero u dos tres quatre cinc sis set vuit nou",
}
PAUSE = 0.5  # seconds

log = logging.getLogger(__name__)


class CannotSpeak(Exception):
    """The program that speaks is broken, or its sound cannot be kept."""


def language_for(reader):
    """The language a reader is spoken to in, or None where the server cannot speak."""
    if settings.CAPTCHA_ESPEAK_PATH:
        return reader if reader in NAMES else "en"
    return "en" if settings.CAPTCHA_FLITE_PATH else None


def speak(digits, language):
    """A WAV file as bytes; raises `CannotSpeak`."""
    pieces, out = [], io.BytesIO()
    for digit in digits:
        with wave.open(str(_recorded(int(digit), language)), "rb") as one:
            shape = one.getparams()
            pieces += [one.readframes(one.getnframes()), _silence(one)]
    with wave.open(out, "wb") as joined:
        joined.setparams(shape)
        joined.writeframes(b"".join(pieces))
    return out.getvalue()


def record_all():
    """Every digit in every language the server speaks, so that no reader waits for one."""
    try:
        for language in {language_for(each) for each in NAMES} - {None}:
            for digit in range(10):
                _recorded(digit, language)
    except CannotSpeak as error:
        log.warning("Challenges cannot be read aloud: %s", error)


def _silence(sound):
    return bytes(int(PAUSE * sound.getframerate()) * sound.getsampwidth() * sound.getnchannels())


def _recorded(digit, language):
    program = "espeak" if settings.CAPTCHA_ESPEAK_PATH else "flite"
    path = Path(settings.CAPTCHA_SOUNDS) / f"{program}-{language}-{digit}.wav"
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Written beside and put in place whole: another process may be at the same digit.
            with tempfile.TemporaryDirectory(dir=path.parent) as folder:
                made = f"{folder}/digit.wav"
                subprocess.run(
                    _command(NAMES[language].split()[digit], language, made), check=True, timeout=20
                )  # noqa: S603
                os.replace(made, path)
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotSpeak(str(error)) from error
    return path


def _command(word, language, path):
    if settings.CAPTCHA_ESPEAK_PATH:
        return [settings.CAPTCHA_ESPEAK_PATH, "-v", language, "-s", "130", "-w", path, word]
    return [settings.CAPTCHA_FLITE_PATH, "-t", word, "-o", path]
