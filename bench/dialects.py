"""What comes in right from files in the dialects of databases and programs: `python -m
bench.dialects`."""

import os

import django

HEAD = ["| source | format | records | right | why not |", "|---|---|---|---|---|"]


def table():
    """The table of docs/formats.md, line by line."""
    from tests.references.formats import dialects

    yield from HEAD
    for stem in sorted(dialects.FILES, key=lambda stem: (dialects.TITLES[stem].casefold(), stem)):
        wrong = dialects.differences(stem)
        fields = sorted({name for fields in wrong for name in fields})
        source = dialects.TITLES[stem] + (" ¹" if stem in dialects.UNSEEN else "")
        kind = dialects.FORMATS[dialects.FILES[stem].suffix]
        yield (
            f"| {source} | {kind} | {len(wrong)} | {sum(not fields for fields in wrong)} |"
            f" {', '.join(fields)} |"
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print("\n".join(table()))
