from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from lxml import etree

from references import csl

LICENCE = "creativecommons.org/licenses/by-sa/"


class Command(BaseCommand):
    help = "Takes newer citation styles and locales from clones of the CSL project's repositories."

    def add_arguments(self, parser):
        parser.add_argument("styles", type=Path, help="a clone of the repository “styles”")
        parser.add_argument("locales", type=Path, help="a clone of the repository “locales”")

    def handle(self, *, styles, locales, **options):
        names = [
            (styles, csl.FOLDER / "styles", f"{name}.csl", "style") for name in csl.STYLES.values()
        ]
        names += [
            (locales, csl.FOLDER / "locales", f"locales-{name}.xml", "locale")
            for name in csl.LOCALES.values()
        ]
        # All are read before any is written: a clone that lacks one leaves ours as they were.
        found = [
            (target / name, _checked(source / name, kind)) for source, target, name, kind in names
        ]
        changed = [path for path, data in found if not path.exists() or path.read_bytes() != data]
        for path, data in found:
            path.write_bytes(data)
        for path in changed:
            self.stdout.write(f"{path.name} is newer")
        self.stdout.write(
            f"{len(found)} files, {len(changed)} of them changed. Run the tests of the citations."
        )


def _checked(path, kind):
    """The bytes of a file that is what it should be and may be passed on."""
    try:
        data = path.read_bytes()
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    except (OSError, etree.XMLSyntaxError) as error:
        raise CommandError(f"{path.name} cannot be read: {error}") from error
    if etree.QName(root).localname != kind:
        raise CommandError(f"{path.name} is no {kind} of CSL.")
    rights = root.find(".//{*}rights")
    if rights is None or LICENCE not in rights.get("license", ""):
        raise CommandError(f"{path.name} does not say that it is under CC BY-SA.")
    return data
