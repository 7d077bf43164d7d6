"""`{% url %}` of every template: Django's, with addresses found out once."""

from django import template
from django.template import defaulttags
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from publishing.addresses import reverse

register = template.Library()


@register.tag
def url(parser, token):
    node = defaulttags.url(parser, token)
    if node.kwargs:
        return node
    return URLNode(node.view_name, node.args, node.kwargs, node.asvar)


class URLNode(defaulttags.URLNode):
    def render(self, context):
        args = [arg.resolve(context) for arg in self.args]
        name = self.view_name.resolve(context)
        try:
            address = reverse(name, args, current_app=_current_app(context))
        except NoReverseMatch:
            if self.asvar is None:
                raise
            address = ""
        if self.asvar:
            context[self.asvar] = address
            return ""
        return conditional_escape(address) if context.autoescape else address


def _current_app(context):
    request = getattr(context, "request", None)
    match = getattr(request, "resolver_match", None)
    return getattr(request, "current_app", getattr(match, "namespace", None))
