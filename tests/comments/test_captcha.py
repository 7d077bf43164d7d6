"""Three digits to copy: ready before anybody asks, good for one try of one form, the same for ear
and eye."""

import io
import re
import shutil
import wave
from collections import Counter
from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django.core.management import call_command
from django.utils import timezone

from comments import captcha, captcha_sound
from comments.models import Comment, SpentChallenge
from tests.factories import PostFactory

from .forms import address, answer_to, filled

pytestmark = pytest.mark.django_db
SPEAKS = shutil.which("flite")


@pytest.fixture
def page():
    return PostFactory()


@pytest.fixture(params=["pool", "empty"])
def pool(request, settings):
    settings.CAPTCHA_POOL = 5
    if request.param == "pool":
        captcha.top_up()
    return request.param


def shown(response):
    return re.search(r'name="captcha_0" value="([^"]+)"', response.content.decode())[1]


def test_the_pool_is_filled_once_and_again_when_its_rows_grow_old(settings):
    settings.CAPTCHA_POOL = 5
    assert (captcha.top_up(), captcha.top_up()) == (5, 0)
    CaptchaStore.objects.update(expiration=timezone.now() + captcha.lasts() - timedelta(minutes=1))
    assert captcha.top_up() == 5


def test_every_outcome_is_as_likely_as_the_others():
    drawn = Counter(captcha.three_digits()[1] for _ in range(20_000))
    computed = Counter(captcha.digits(f"t{number:x}") for number in range(20_000))
    for counted in (drawn, computed):
        assert all(re.fullmatch(r"\d{3}", outcome) for outcome in counted)
        assert len(counted) == captcha.OUTCOMES
        # Twenty are expected of each; of a fair draw fifty come once in some millions of millions.
        assert max(counted.values()) < 50


def test_a_form_shows_digits_of_the_pool_and_computed_ones_when_it_is_empty(client, page, pool):
    key = shown(client.get(address(page))).partition(":")[0]
    assert key.startswith(captcha.COMPUTED) is (pool == "empty")
    assert CaptchaStore.objects.filter(hashkey=key).exists() is (pool == "pool")
    assert client.get(f"/captcha/image/{key}/")["Content-Type"] == "image/png"


def test_one_challenge_in_several_forms_is_good_for_each_of_them(page, settings):
    settings.CAPTCHA_POOL = 1
    captcha.top_up()
    first, second = captcha.ask("first"), captcha.ask("second")
    assert first[0] == second[0]
    answer = captcha.digits(first[0])
    assert captcha.is_right("first", first[1], answer)
    captcha.spend("first", first[1])
    assert not captcha.is_right("first", first[1], answer)
    assert captcha.is_right("second", second[1], answer)
    # What somebody has answered is given to nobody else.
    assert captcha.ask("third")[0] != first[0]


def test_a_wrong_answer_was_the_only_one(page, pool):
    key, value = captcha.ask("form")
    answer = captcha.digits(key)
    assert not captcha.is_right("form", value, f"{(int(answer) + 1) % 1000:03}")
    assert not captcha.is_right("form", value, answer)


def test_digits_given_to_another_form_are_refused(client, page, pool):
    """Else one answer, once known, would be good for every form there is."""
    other = filled(page)
    response = client.post(
        address(page),
        {**filled(page), "captcha_0": other["captcha_0"], "captcha_1": other["captcha_1"]},
    )
    assert response.status_code == 200
    assert not Comment.objects.exists()


def test_a_form_that_made_a_comment_makes_no_other_once_that_is_erased(client, page, pool):
    data = filled(page)
    assert client.post(address(page), data).status_code == 302
    Comment.objects.all().delete()
    response = client.post(address(page), data)
    assert response.status_code == 200
    assert not Comment.objects.exists()


@pytest.mark.parametrize("value", ["", "x", "x:y:z", "\x00", "t1:" + "y" * 5000])
def test_a_key_nobody_was_given_is_refused(page, value):
    assert not captcha.is_right("form", value, "000")


def test_digits_a_day_old_are_refused(page, pool, settings):
    _key, value = captcha.ask("form")
    settings.CAPTCHA_GET_FROM_POOL_TIMEOUT = -1
    assert not captcha.is_right("form", value, answer_to(value))


@pytest.mark.parametrize("written", [" {} ", "{0[0]} {0[1]} {0[2]}", "{0[0]}-{0[1]}-{0[2]}."])
def test_an_answer_may_be_spaced(page, written):
    key, value = captcha.ask("form")
    assert captcha.is_right("form", value, written.format(captcha.digits(key)))


def test_an_answer_may_be_in_other_digits(page):
    key, value = captcha.ask("form")
    assert captcha.is_right(
        "form", value, captcha.digits(key).translate({48 + n: 0x0660 + n for n in range(10)})
    )


def test_what_is_spent_is_forgotten_with_the_form(page):
    captcha.spend("form", captcha.ask("form")[1])
    call_command("purge_personal_data", stdout=io.StringIO())
    assert SpentChallenge.objects.count() == 1
    SpentChallenge.objects.update(at=timezone.now() - captcha.lasts() - timedelta(minutes=1))
    call_command("purge_personal_data", stdout=io.StringIO())
    assert not SpentChallenge.objects.exists()


@pytest.mark.parametrize("path", ["image/0000/", "audio/en/0000.wav"])
def test_a_challenge_that_is_gone_is_gone(client, settings, path):
    settings.CAPTCHA_ESPEAK_PATH, settings.CAPTCHA_FLITE_PATH = None, "/usr/bin/flite"
    assert client.get(f"/captcha/{path}").status_code == 410


def test_no_challenge_is_made_for_whoever_asks(client):
    assert (
        client.get("/captcha/refresh/", headers={"x-requested-with": "XMLHttpRequest"}).status_code
        == 404
    )


@pytest.mark.skipif(not SPEAKS, reason="flite is not installed")
class TestSound:
    @pytest.fixture(autouse=True)
    def _speaks(self, settings, tmp_path):
        settings.CAPTCHA_ESPEAK_PATH, settings.CAPTCHA_FLITE_PATH = None, SPEAKS
        settings.CAPTCHA_SOUNDS = tmp_path

    def test_each_digit_is_recorded_once(self, tmp_path, settings):
        first = captcha_sound.speak("474", "en")
        assert {path.name for path in tmp_path.iterdir()} == {"flite-en-4.wav", "flite-en-7.wav"}
        settings.CAPTCHA_FLITE_PATH = "/nowhere/flite"
        assert captcha_sound.speak("474", "en") == first

    def test_all_can_be_recorded_before_anybody_asks(self, tmp_path):
        captcha_sound.record_all()
        assert len(list(tmp_path.iterdir())) == 10

    def test_a_program_that_fails_stops_nothing_else(self, client, settings, tmp_path):
        settings.CAPTCHA_FLITE_PATH = "/bin/false"
        captcha_sound.record_all()
        assert client.get(f"/captcha/audio/en/{captcha.ask('form')[0]}.wav").status_code == 503
        assert not list(tmp_path.iterdir())

    def test_it_is_a_sound_that_can_be_asked_for_in_pieces(self, client):
        key = captcha.ask("form")[0]
        whole = client.get(f"/captcha/audio/en/{key}.wav").getvalue()
        with wave.open(io.BytesIO(whole)) as sound:
            assert 2 < sound.getnframes() / sound.getframerate() < 6
        part = client.get(f"/captcha/audio/en/{key}.wav", headers={"range": "bytes=0-99"})
        assert (part.status_code, part.getvalue()) == (206, whole[:100])

    def test_a_language_the_server_does_not_speak_is_no_address(self, client):
        assert client.get(f"/captcha/audio/ca/{captcha.ask('form')[0]}.wav").status_code == 404

    def test_a_reader_of_catalan_is_told_that_it_is_english(self, client, page):
        html = client.get("/ca" + address(page)).content.decode()
        assert "/captcha/audio/en/" in html
        assert "El so és en anglès." in html
        assert "The sound is in English." not in client.get(address(page)).content.decode()


class TestALanguageOfOnesOwn:
    @pytest.fixture(autouse=True)
    def _speaks(self, settings, tmp_path):
        """A program called as espeak-ng is, that says which words it was given."""
        program = tmp_path / "espeak-ng"
        program.write_text(PROGRAM)
        program.chmod(0o755)
        settings.CAPTCHA_ESPEAK_PATH, settings.CAPTCHA_SOUNDS = str(program), tmp_path / "sounds"

    def test_the_sound_is_in_the_language_of_the_form(self, client, page):
        html = client.get("/ca" + address(page)).content.decode()
        assert "El so és en anglès." not in html
        response = client.get(re.search(r'src="(/captcha/audio/ca/[^"]+)"', html)[1])
        key = re.search(r"/ca/(\w+)\.wav", html)[1]
        with wave.open(io.BytesIO(response.getvalue())) as sound:
            said = sound.readframes(sound.getnframes()).replace(b"\0", b"").decode().split()
        assert said == [
            word
            for digit in captcha.digits(key)
            for word in ("ca", captcha_sound.NAMES["ca"].split()[int(digit)])
        ]


PROGRAM = """#!/usr/bin/env python3
import sys, wave
_program, _v, language, _s, _speed, _w, path, word = sys.argv
with wave.open(path, "wb") as sound:
    sound.setparams((1, 1, 8000, 0, "NONE", ""))
    sound.writeframes(f"{language} {word} ".encode())
"""
