"""LaTeX as people and programs write it, and what a reader sees of it."""

import re

import pytest
from pylatexenc.latex2text import get_default_latex_context_db as texts
from pylatexenc.latexwalker import get_default_latex_context_db as commands

from references import formats
from references.formats import latex

MACROS = sorted({spec.macroname for db in (texts(), commands()) for spec in db.iter_macro_specs()})

READ = {
    # Formulas.
    r"$\sqrt{x}$": "√x",
    r"$\sqrt{x+1}$": "√(x+1)",
    r"$\sqrt[3]{x}$": "³√x",
    r"$\frac{1}{2}$": "½",
    r"$\frac12$": "½",
    r"$\frac{a+b}{c}$": "(a+b)/c",
    r"\nicefrac{3}{4} of": "¾ of",
    r"$\nicefrac{5}{7}$": "5/7",
    r"$\overline{x}$": "x\u0305",
    r"$\bar{x}$": "x̄",
    r"$\widehat{p}$": "p\u0302",
    r"\underline{text}": "text",
    r"\SI{5}{\milli\gram}": "5 mg",
    r"\SI{37}{\celsius}": "37 °C",
    r"\SI{10}{\micro\gram\per\litre}": "10 µg/L",
    r"\SI{10}{mg}": "10 mg",
    r"\ce{H2O} and \ce{Ca^2+}": "H₂O and Ca²⁺",
    r"DNA$_2$": "DNA₂",
    r"H$_{2}$O": "H₂O",
    r"DNA$_{\textrm{2}}$": "DNA₂",
    r"$^{131}$I": "¹³¹I",
    r"5$^{th}$": "5th",
    r"$V_{max}$": "Vmax",
    r"$e^{x}$": "e^x",
    r"$10^{-3}$": "10⁻³",
    r"37$^{\circ}$C": "37°C",
    r"$\alpha$": "α",
    r"$\mu$m size": "μm size",
    r"TNF-$\alpha$ and": "TNF-α and",
    r"\ensuremath{\alpha}": "α",
    r"$ \beta $-blockers": " β -blockers",
    r"p $<$ 0.05": "p < 0.05",
    r"$p \leq 0.05$": "p ≤ 0.05",
    r"$\Delta x$": "Δx",
    r"$n = 5$": "n = 5",
    r"$5 \times 10^3$": "5 × 10³",
    r"\(x^2\)": "x²",
    r"Col$\cdot$laboraci{\'o}": "Col·laboració",
    # No formulas.
    "costs $5 and $10": "costs $5 and $10",
    r"$>$5\% and $\alpha$1, n$=$12": ">5% and α1, n=12",
    "US$": "US$",
    "$$$": "$$$",
    r"5\% of \$10 \& more \#1 a\_b \{x\}": "5% of $10 & more #1 a_b {x}",
    "a_b^c": "a_b^c",
    # Letters.
    r"Garc{\'\i}a-L{\'o}pez": "García-López",
    r"Garc{\'{i}}a": "García",
    r"Garc\'ia": "García",
    r"{\v{S}}koda": "Škoda",
    r"\v Skoda": "Škoda",
    r"\~{}smith/": "~smith/",
    r"Fran\c{c}ois": "François",
    r"\o re, {\o}re, \O{}re": "øre, øre, Øre",
    r"Stra\ss e": "Straße",
    r"{\aa}ngstr{\"o}m": "ångström",
    r"a---b--c ``d'' ?`e?": "a—b–c “d” ¿e?",
    r"-{}-": "--",
    r"\textless i\textgreater{}": "<i>",
    r"{\textless}p{\textgreater}": "<p>",
    # Only looks.
    r"\emph{Rattus} \textbf{two} {\it three} \textcolor{red}{four} \href{http://a}{five}": (
        "Rattus two three four five"
    ),
    r"\title{A} \author{B}": "A B",
    # Broken and unknown.
    r"\unknown{this} stays": "this stays",
    r"\frac{1}": "1/",
    r"open {brace": "open brace",
    r"shut} brace": "shut brace",
    r"\'": "´",
    "\\": "",
    r"$\alpha": "$α",
    r"{$a{b$}": "ab",
    r"\sqrt": "√",
}


@pytest.mark.parametrize(("written", "read"), READ.items())
def test_latex_reads_as_it_is_meant(written, read):
    assert latex.decode(written) == read


@pytest.mark.parametrize(
    "form",
    ["before \\{} after", "before \\{}{{one}} after", "before $\\{}{{one}}{{two}}$ after", "\\{}"],
)
def test_no_command_spoils_more_than_itself(form):
    assert len(MACROS) > 900
    for name in MACROS:
        text = latex.decode(form.format(name))
        assert "%s" not in text, name
        if form.startswith("before"):
            assert text.startswith("before"), name
            assert text.endswith("fter"), name


def test_every_command_in_one_file_gives_every_record():
    file = "".join(
        f"@article{{k{at}, title = {{On \\{name}{{x}} things}}}}\n"
        for at, name in enumerate(MACROS)
        if name.isalpha()
    )
    parsed = formats.parse(file.encode())
    assert parsed.refused == []
    assert len(parsed.records) == file.count("@article")
    assert [
        record.title for record in parsed.records if not re.fullmatch("On.*things", record.title)
    ] == []


def test_a_command_nobody_knows_is_told():
    parsed = formats.parse(rb"@article{a, title = {Use of \nosuchthing{fat}}}")
    assert parsed.records[0].title == "Use of fat"
    assert "nosuchthing" in parsed.warnings[0].reason


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "$",
        "\\frac{",
        "\\'{",
        "$x^{",
        "\\sqrt[",
        "{\\it ",
        "\\",
        "\\ce{a^",
        "[",
        "--",
        "\\(",
    ],
)
def test_the_work_grows_with_the_length_alone(piece):
    assert len(latex.decode(piece * 20_000 + "text")) < 20_000 * 6 + 100


def test_names_keep_their_groups():
    assert (
        latex.decode(r"{World {\'o} Organisation} and G{\'o}mez", keep_braces=True)
        == "{World ó Organisation} and Gómez"
    )
