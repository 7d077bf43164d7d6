"""What every page says about itself: its address, its languages, its place in the menu."""

import re

from django import template
from django.conf import settings

register = template.Library()

# Each in its own words, so that everybody can find theirs.
LANGUAGE_LABELS = {"en": "English", "es": "Español", "ca": "Català"}


@register.filter
def bare(path):
    """An address without its language prefix."""
    others = "|".join(code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    return re.sub(rf"^/(?:{others})(?=/)", "", path)


@register.simple_tag(takes_context=True)
def language_links(context):
    """`(code, name, address)` of this same page in every interface language; nothing without a request."""
    request = context.get("request")
    if request is None:
        return []
    address = bare(request.get_full_path())
    return [
        (code, LANGUAGE_LABELS[code], address if code == settings.LANGUAGE_CODE else f"/{code}{address}")
        for code, _ in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def canonical(context):
    """The one full address of this page: the texts are the same whatever the interface language."""
    request = context["request"]
    page = request.GET.get("page", "")
    query = f"?page={int(page)}" if page.isascii() and page.isdigit() and len(page) < 6 and int(page) > 1 else ""
    return settings.SITE_URL + bare(request.get_full_path().partition("?")[0]) + query


@register.simple_tag
def absolute(address):
    """A full address from one of ours."""
    return settings.SITE_URL + address if address.startswith("/") else address


@register.tag
def keep(parser, token):
    """`{% keep section %}…{% endkeep %}`: what is rendered inside, as a variable instead of output."""
    name = token.split_contents()[1]
    nodes = parser.parse(["endkeep"])
    parser.delete_first_token()
    return KeepNode(name, nodes)


class KeepNode(template.Node):
    child_nodelists = ("nodes",)

    def __init__(self, name, nodes):
        self.name, self.nodes = name, nodes

    def render(self, context):
        context[self.name] = self.nodes.render(context).strip()
        return ""
