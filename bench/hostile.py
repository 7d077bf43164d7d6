"""What texts made to cost work cost at every door: `python -m bench.hostile [DOOR …]`.

For each door the three dearest texts, with the CPU for a quarter, half and the whole of the length,
and the factor for twice the text: 2 is in proportion, 4 the square.
"""

import sys
import tempfile

from .pages import prepare


def rows(door, length, texts, enough):
    from tests.hostile import cpu

    door("Once, to have everything loaded that is loaded once.")
    found = [(cpu(door, make(length), 1), name, make) for name, make in texts.items()]
    for whole, name, make in sorted(found, key=lambda row: -row[0])[:3]:
        quarter, half = (cpu(door, make(length // part), 2) for part in (4, 2))
        yield name, quarter, half, whole, (whole / max(quarter, enough / 8)) ** 0.5


def main(wanted):
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.conf import settings
        from django.core.management import call_command
        from django.test import Client

        settings.STORAGES["staticfiles"]["BACKEND"] = (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
        call_command("migrate", verbosity=0, interactive=False)
        from tests.factories import AuthorUserFactory, PostFactory
        from tests.hostile import DATABASE_DOORS, ENOUGH, PLAIN_DOORS, REQUEST, request_doors

        desk = Client()
        desk.force_login(AuthorUserFactory())
        requests = request_doors(Client(), desk, PostFactory())
        print(
            f"{'door':<24}{'text':<26}{'signs':>9}{'¼ ms':>9}{'½ ms':>9}{'ms':>9}{'doubling':>10}"
        )
        for name, door in (PLAIN_DOORS | DATABASE_DOORS | requests).items():
            if not wanted or name in wanted:
                for text, *seconds, factor in rows(*door, REQUEST if name in requests else ENOUGH):
                    numbers = "".join(f"{each * 1000:>9.1f}" for each in seconds)
                    print(f"{name:<24}{text:<26}{door[1]:>9,}{numbers}{factor:>10.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
