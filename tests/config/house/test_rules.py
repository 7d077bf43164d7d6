"""Rules of the house that a reader of the code could otherwise only hope for."""

import ast
import re

from django.conf import settings
from django.template import TemplateSyntaxError, engines

from tests import again, journeys

ROOT = settings.BASE_DIR
APPS = ("config", "review", "blog", "comments", "references", "publishing")
TEXTS = sorted((ROOT / "templates").rglob("*.*"))  # of mails too
TEMPLATES = [path for path in TEXTS if path.suffix == ".html"]
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


def found(paths, faults):
    """`{name of the file: what is wrong}` of those where `faults(path)` finds something."""
    return {name_of(path): wrong for path in paths if (wrong := faults(path))}


def matches(pattern):
    """Says what a pattern finds in a file."""
    pattern = re.compile(pattern)
    return lambda path: [match[0] for match in pattern.finditer(path.read_text("utf-8"))]


def why_it_does_not_compile(path):
    try:
        engines["django"].get_template(str(path.relative_to(ROOT / "templates")))
    except TemplateSyntaxError as error:
        return str(error)
    return ""


def test_every_template_compiles():
    assert found(TEXTS, why_it_does_not_compile) == {}


def test_a_line_of_a_template_fits_on_a_screen():
    assert found(TEXTS, matches(r"(?m)^.{161,}$")) == {}


def test_no_code_is_excused_from_the_length_of_its_lines():
    """`make check` measures them; what has no space to break at may be longer."""
    assert found(CODE, matches(r"noqa:.*E5" + "01")) == {}


def test_no_folder_is_excused_from_the_length_of_its_lines():
    assert "E501" not in (ROOT / "pyproject.toml").read_text()


def test_a_template_trusts_no_html_by_itself():
    assert found(TEMPLATES, matches(r"\|\s*(safe|safeseq)\b|autoescape off")) == {}


def inline(path):
    text = path.read_text()
    scripts = re.findall(r"<script\b[^>]*>", text)
    return re.findall(r"<style\b|\sstyle=|\son\w+=", text) + [
        tag for tag in scripts if "src=" not in tag and "application/ld+json" not in tag
    ]


def test_a_public_template_holds_no_inline_script_or_style():
    assert found(PUBLIC, inline) == {}


def test_a_public_template_asks_no_other_site_for_anything():
    source = r"""<(?:script|img|iframe|source|video|audio)\b[^>]*\ssrc=["']?(?:https?:)?//"""
    style = r"""<link\b[^>]*stylesheet[^>]*href=["']?(?:https?:)?//"""
    assert found(PUBLIC, matches(f"{source}|{style}")) == {}


def test_only_the_sanitiser_the_citations_and_their_tags_mark_html_as_safe():
    # Nodes of templates keep safe what Django's keep.
    may = ("publishing/richtext/sanitise.py", "references/citing/entries.py", "config/nodes.py")
    others = [
        path for path in MODULES if name_of(path) not in may and "templatetags" not in path.parts
    ]
    assert found(others, matches(r"\bmark_safe\(|\bSafeString\(")) == {}


def test_only_the_sanitiser_says_that_html_is_clean():
    assert list(found(MODULES, matches(r"\bClean\("))) == ["publishing/richtext/sanitise.py"]


def test_a_model_is_imported_and_not_asked_for_by_its_name():
    assert found(MODULES, matches(r"""\bapps\.get_model\(\s*["']""")) == {}


TYPED = [
    path
    for path in MODULES
    if name_of(path.parent)
    in ("publishing/richtext", "publishing/search", "references/csl", "references/formats")
]


def silent(path):
    module = ast.parse(path.read_text())
    inside = [
        each for owner in module.body if isinstance(owner, ast.ClassDef) for each in owner.body
    ]
    return [
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


def test_a_public_function_says_what_it_takes_and_gives():
    """`make check` looks whether it is true."""
    assert found(TYPED, silent) == {}


def test_a_query_is_written_with_expressions():
    assert found(MODULES, matches(r"\.extra\(")) == {}


def imported_inside(path):
    return [
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


def test_no_project_module_is_imported_inside_a_function():
    assert found(MODULES, imported_inside) == {}


def test_what_postgresql_is_spared_or_asked_in_full_is_there():
    places = [*again.ONCE, *again.EVERY_CASE, *journeys.QUICK_IN_THE_BROWSER]
    assert [place for place in places if not (again.HERE / place).exists()] == []


def test_every_journey_is_there_and_is_run_before_anything_lands():
    gone = []
    for place in journeys.JOURNEYS:
        file, _, name = place.partition("::")
        names = re.findall(r"(?:def|class) (\w+)", (journeys.HERE / file).read_text())
        gone += [place] if {*name.split("::"), *names} - {*names, ""} else []
    assert gone == []
    assert " test-all\n" in (ROOT / ".ci/run").read_text()


def test_no_two_parts_that_are_kept_have_one_name():
    names = [
        name
        for path in MODULES
        for name in re.findall(r'parts\.kept[,(]+\s*\(?"([^"]+)"', path.read_text("utf-8"))
    ]
    assert len(names) > 8
    assert sorted(names) == sorted(set(names))
