"""`update_csl` takes newer files of the CSL project, all or none, and only what may be passed
on."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from references import csl


@pytest.fixture
def clones(tmp_path, monkeypatch):
    """Two clones as the project has them, and a folder of ours that is a copy."""
    ours = tmp_path / "ours"
    for name in ("styles", "locales"):
        shutil.copytree(csl.FOLDER / name, tmp_path / name)
        shutil.copytree(csl.FOLDER / name, ours / name)
    monkeypatch.setattr(csl, "FOLDER", ours)
    return tmp_path


def update(folder):
    said = StringIO()
    call_command("update_csl", str(folder / "styles"), str(folder / "locales"), stdout=said)
    return said.getvalue()


def test_a_newer_style_is_taken_and_named(clones):
    apa = clones / "styles/apa.csl"
    apa.write_text(apa.read_text().replace("<updated>", "<updated><!-- newer -->", 1))
    assert "apa.csl is newer" in update(clones)
    assert "<!-- newer -->" in (clones / "ours/styles/apa.csl").read_text()
    assert "7 files, 0 of them changed" in update(clones)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("styles/apa.csl", None, "cannot be read"),
        ("styles/apa.csl", "<style", "cannot be read"),
        ("locales/locales-es-ES.xml", "<style/>", "is no locale"),
        ("styles/apa.csl", "<style><info/></style>", "CC BY-SA"),
    ],
)
def test_a_clone_with_one_bad_file_changes_nothing(clones, name, text, reason):
    (clones / "styles/elsevier-harvard.csl").write_text("<style/>")
    shutil.copy(csl.FOLDER / "styles/elsevier-harvard.csl", clones / "styles")
    before = {path: path.read_bytes() for path in csl.FOLDER.rglob("*.*")}
    (clones / name).unlink() if text is None else (clones / name).write_text(text)
    with pytest.raises(CommandError, match=reason):
        update(clones)
    assert {path: path.read_bytes() for path in csl.FOLDER.rglob("*.*")} == before
