"""What a browser is called on the page of an account."""

import pytest

from config.door.agents import named

GECKO = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (GECKO, "Firefox, Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Safari/537.36", "Chrome, Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Safari/537.36 Edg/141.0", "Edge, Windows"),
        (f"{PHONE} Version/18.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {WEBKIT} Mobile", "Chrome, Android"),
        ("A browser of one's own", "A browser of one's own"),
        ("x" * 200, "x" * 90),
        ("", ""),
    ],
)
def test_it_has_the_name_people_know(agent, name):
    assert named(agent) == name
