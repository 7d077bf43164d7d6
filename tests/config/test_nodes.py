"""Templates of ours say what Django's own say, in every corner."""

from types import SimpleNamespace

import pytest
from django.template import Context, Engine
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.templates import Template

TEXTS = {
    "values": "{{ word }} {{ safe }} {{ number }} {{ half }} {{ lazy }} {{ none }} {{ nothing }}"
    " {{ yes }} {{ day|date:'Y' }} {{ word|upper|truncatechars:3 }} {{ 'a<b' }} {{ 7 }}"
    " {% autoescape off %}{{ word }}{{ word|default:'<' }}{% endautoescape %}{{ word|safe }}"
    " {{ nothing|default:word }} {{ safe|lower }} {{ word|lower }}",
    "ways": "{{ page.title }} {{ page.nested.title }} {{ page.method }} {{ page.broken }}"
    " {{ page.missing }} {{ page.method.upper }} {{ table.key }} {{ table.missing }}"
    " {{ table.items }} {{ list.1 }} {{ list.9 }} {{ function }} {{ kind }} {{ page.deletes }}"
    " {{ page.kind.title }} {{ word.upper }} {{ True }} {{ autoescape }} {{ template }}",
    "places": "{{ list.0 }} {{ list.word }} {{ list.9.0 }} {{ list.copy.0 }} {{ nested.1.0 }}"
    " {{ nothing|default:page.title }} {{ nothing.0|upper }}"
    " {{ nothing|default:page.method }} {{ nothing|default_if_none:'x' }} {{ word.0 }}",
    "conditions": "{% if page.title == 'T&T' and not nothing %}a{% elif word %}b{% endif %}"
    "{% if nothing.at.all %}c{% else %}d{% endif %}{% if nothing > 3 %}e{% endif %}"
    "{% if page.missing %}f{% elif number in list %}g{% else %}h{% endif %}",
    "loops": "{% for each in list %}{{ forloop.counter }}{{ forloop.revcounter0 }}{{ each }}"
    "{% if forloop.first %}first{% endif %}{% cycle 'x' 'y' %}"
    "{% for key, value in table.items %}{{ forloop.parentloop.counter0 }}{{ key }}{{ value }}"
    "{% firstof key as kept %}{% endfor %}[{{ kept }}{{ key }}]{% endfor %}[{{ each }}]"
    "{% for each in list reversed %}{{ each }}{% if forloop.last %}last{% endif %}{% endfor %}"
    "{% for each in nothing %}{% empty %}none{% endfor %}{% for each in generated %}{{ each }}"
    "{% ifchanged each %}new{% endifchanged %}{% endfor %}{% for a, b in none %}{% endfor %}",
    "seen again": "{% for each in twice %}{% ifchanged %}{{ each }}{% endifchanged %}{% endfor %}",
    "names": "{% with a=word b=page.title %}{{ a }}{{ b }}{% endwith %}[{{ a }}]",
    "inside": "{% include 'part' %}{% include 'part' with word='other' %}{{ word }}"
    "{% include 'part' with word='only' only %}{% include chosen %}"
    "{% for each in list %}{% include 'part' with word=each %}{% endfor %}",
    "part": "<{{ word }}{{ number }}>{% cycle 'x' 'y' %}",
    "words": "{% load i18n %}{% translate 'Search' %}{% translate 'Search' as s %}{{ s }}"
    "{% translate word %}{% translate '50 %' %}{% translate 'Search'|upper %}"
    "{% blocktranslate %}Search{% endblocktranslate %}{% blocktranslate trimmed %}\n 50 %\n"
    "{% endblocktranslate %}{% blocktranslate with name=word trimmed %}\n Text by {{ name }}.\n"
    "{% endblocktranslate %}{% blocktranslate count n=list|length trimmed %}\n {{ n }} reply"
    "{% plural %}{{ n }} replies\n{% endblocktranslate %}{% blocktranslate count n=1 %}{{ n }}"
    " reply{% plural %}{{ n }} replies{% endblocktranslate %}{{ n }}"
    "{% blocktranslate with name=nothing asvar t %}Text by {{ name }}.{% endblocktranslate %}"
    "{{ t }}"
    "{% get_current_language as code %}{{ code }}",
    "addresses": "{% load static %}{% url 'search' %}{% url 'legal' as there %}{{ there }}"
    "{% url 'comments:permalink' number %}{% static 'css/base.css' %}{% url 'nowhere' as no %}"
    "[{{ no }}]",
    "top": "<{% block a %}a{% endblock %}|{% block b %}b{{ word }}{% endblock %}>{% block c %}c"
    "{% block d %}d{% endblock %}{% endblock %}",
    "middle": "{% extends 'top' %}{% block a %}m{{ block.super }}{% endblock %}"
    "{% block d %}dd{% endblock %}",
    "bottom": "\n{% extends 'middle' %}{% block a %}{% for each in list %}{{ block.super }}"
    "{% endfor %}{% endblock %}{% block b %}{{ block.super }}{{ block.super }}{% endblock %}",
    "chosen": "{% extends above %}{% block c %}{{ block.super }}!{% endblock %}",
}  # fmt: skip
OPTIONS = {
    "libraries": {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"},
    "builtins": ["publishing.templatetags.addresses"],
}


class Page:
    title = "T&T"
    kind = SimpleNamespace(title=gettext_lazy("Search"))

    def __str__(self):
        return "<page>"

    def method(self):
        return "<called>"

    def broken(self, argument):
        raise AssertionError

    def deletes(self):
        raise AssertionError

    deletes.alters_data = True


def known():
    page = Page()
    page.nested = Page()
    return {
        "word": "a<b> & 'c' \"d\"", "safe": mark_safe("<b>B</b>"), "number": 1234567, "half": 0.5,
        "lazy": gettext_lazy("Search"), "none": None, "yes": True, "page": page, "kind": Page,
        "table": {"key": "<v>", "second": 2}, "list": [3, 1, 2], "nested": [(1,), ("<",)],
        "function": lambda: "called",
        "twice": ["a", "a", "b"], "generated": (each for each in "aab"), "chosen": "part",
        "above": "middle",
    }  # fmt: skip


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    own = [("config.templates.Loader", [folder])]
    return (
        Engine(loaders=[("config.templates.Kept", own)], **OPTIONS),
        Engine(loaders=[("django.template.loaders.cached.Loader", own)], **OPTIONS),
    )


@pytest.mark.parametrize("name", sorted(set(TEXTS)))
def test_a_template_says_what_it_says_with_nodes_of_django_alone(engines, name):
    ours, plain = (engine.get_template(name) for engine in engines)
    assert type(ours) is Template
    assert type(plain) is not Template
    for language in ("en", "es", "ca", "en"):
        with translation.override(language):
            for autoescape in (True, False):
                said = [
                    template.render(Context(known(), autoescape=autoescape))
                    for template in (ours, plain)
                ]
                assert said[0] == said[1]


def test_a_value_that_fails_leaves_the_names_around_a_loop_as_they_were(engines):
    engine = engines[0]
    context = Context({"word": "outside", "pairs": [("a", "b"), ("c",)]})
    template = Template("{% for word, b in pairs %}{{ b }}{% endfor %}", engine=engine)
    with pytest.raises(ValueError, match="shorter"):
        template.render(context)
    assert context["word"] == "outside"
