"""Rules of the house that a reader of the code could otherwise only hope for."""

import ast
import re

import pytest
from django.conf import settings
from django.template import engines

ROOT = settings.BASE_DIR
APPS = ("config", "review", "blog", "comments", "references", "publishing")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# A mail brings its style along: mail programs fetch none.
NOT_PAGES = ("admin", "reversion", "mail")
PUBLIC = [
    path for path in TEMPLATES if path.relative_to(ROOT / "templates").parts[0] not in NOT_PAGES
]
MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)


CODE = [
    *MODULES,
    ROOT / "manage.py",
    *sorted(path for each in ("tests", "bench", "deploy") for path in (ROOT / each).rglob("*.py")),
]


def name_of(path):
    return str(path.relative_to(ROOT))


def every(paths):
    return pytest.mark.parametrize("path", paths, ids=name_of)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.*")), ids=name_of)
def test_a_template_compiles(path):
    engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.*")), ids=name_of)
def test_a_line_of_a_template_fits_on_a_screen(path):
    assert [line for line in path.read_text().split("\n") if len(line) > 160] == []


@every(CODE)
def test_no_code_is_excused_from_the_length_of_its_lines(path):
    """`make check` measures them; what has no space to break at may be longer."""
    assert not re.search(r"noqa:.*E5" + "01", path.read_text(encoding="utf-8"))


def test_no_folder_is_excused_from_the_length_of_its_lines():
    assert "E501" not in (ROOT / "pyproject.toml").read_text()


@every(TEMPLATES)
def test_a_template_trusts_no_html_by_itself(path):
    assert not re.search(r"\|\s*(safe|safeseq)\b|autoescape off", path.read_text())


@every(PUBLIC)
def test_a_public_template_holds_no_inline_script_or_style(path):
    text = path.read_text()
    assert not re.search(r"<style\b|\sstyle=|\son\w+=", text)
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or "application/ld+json" in tag for tag in scripts)


@every(PUBLIC)
def test_a_public_template_asks_no_other_site_for_anything(path):
    assert not re.search(
        r"""<(?:script|img|iframe|source|video|audio)\b[^>]*\ssrc=["']?(?:https?:)?//""",
        path.read_text(),
    )
    assert not re.search(
        r"""<link\b[^>]*stylesheet[^>]*href=["']?(?:https?:)?//""", path.read_text()
    )


@every(MODULES)
def test_only_the_sanitiser_the_citations_and_their_tags_mark_html_as_safe(path):
    if (
        name_of(path) in ("publishing/richtext/sanitise.py", "references/citing/entries.py")
        or "templatetags" in path.parts
    ):
        return
    assert not re.search(r"\bmark_safe\(|\bSafeString\(", path.read_text())


@every(MODULES)
def test_only_the_sanitiser_says_that_html_is_clean(path):
    if name_of(path) != "publishing/richtext/sanitise.py":
        assert not re.search(r"\bClean\(", path.read_text())


@every(MODULES)
def test_a_model_is_imported_and_not_asked_for_by_its_name(path):
    assert not re.search(r"""\bapps\.get_model\(\s*["']""", path.read_text())


TYPED = [
    path
    for path in MODULES
    if name_of(path.parent)
    in ("publishing/richtext", "publishing/search", "references/csl", "references/formats")
]


@every(TYPED)
def test_a_public_function_says_what_it_takes_and_gives(path):
    """`make check` looks whether it is true."""
    module = ast.parse(path.read_text())
    inside = [
        each for owner in module.body if isinstance(owner, ast.ClassDef) for each in owner.body
    ]
    silent = [
        function.name
        for function in [*module.body, *inside]
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        for given in [function.args]
        if function.returns is None
        or any(
            each.annotation is None
            for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)
            if each.arg not in ("self", "cls")
        )
    ]
    assert silent == []


@every(MODULES)
def test_a_query_is_written_with_expressions(path):
    assert not re.search(r"\.extra\(", path.read_text())


@every(MODULES)
def test_no_project_module_is_imported_inside_a_function(path):
    inside = [
        node.lineno
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.level or node.module.split(".")[0] in APPS))
        or (
            isinstance(node, ast.Import)
            and any(alias.name.split(".")[0] in APPS for alias in node.names)
        )
    ]
    assert inside == []
