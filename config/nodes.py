"""What our templates say, said with less work: the expressions and nodes that pages use most,
each giving the very text that Django's own gives.

Django asks each value whether it is lazy, local or safe, each block and include which template it
stands in, each translated word for its translation, on every page anew. Here the commonest answer
is tried first, and what cannot change between two pages is found out once; whatever is not plain
is left to Django's own class, from which each of these comes. `plainer()` says which node is whose
(docs/adr/0063).
"""

import html

from django.conf import settings
from django.core.signals import setting_changed
from django.template import base, defaulttags, loader_tags
from django.template.base import VariableDoesNotExist, render_value_in_context
from django.template.loader_tags import BLOCK_CONTEXT_KEY, construct_relative_path
from django.templatetags import i18n, static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from publishing.templatetags import addresses

LANGUAGE = "the language of this page"
_said = {}  # {language: {node: what it says}}


def forget(**_of_the_signal):
    """Only tests change settings."""
    _said.clear()


setting_changed.connect(forget, dispatch_uid="config.nodes")


def said_in(context):
    """What nodes say in the language of this page, which no template of ours changes."""
    about = context.render_context.dicts[0]
    if LANGUAGE not in about:
        about[LANGUAGE] = get_language()
    return _said.setdefault(about[LANGUAGE], {})


def shown(value, context):
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return html.escape(value) if context.autoescape else value
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    return render_value_in_context(value, context)


class Lookup(base.Variable):
    """`page.author.name`: attributes of objects, keys of dicts, methods without arguments."""

    __slots__ = ()

    def resolve(self, context):
        name, *others = self.lookups
        for values in reversed(context.dicts):
            if name in values:
                found = values[name]
                break
        else:
            raise VariableDoesNotExist("Failed lookup for key [%s]", (name,))
        if callable(found):
            return super().resolve(context)
        for name in others:
            try:
                if isinstance(found, dict):
                    found = found[name]
                elif type(found) in (list, tuple):
                    found = found[int(name)]
                elif hasattr(type(found), "__getitem__") and not isinstance(found, str):
                    return super().resolve(context)
                else:
                    found = getattr(found, name)
                if callable(found):
                    if hasattr(found, "alters_data") or hasattr(found, "do_not_call_in_templates"):
                        return super().resolve(context)
                    found = found()
            except (AttributeError, KeyError, TypeError, ValueError, IndexError):
                return super().resolve(context)
        return found


class Expression(base.FilterExpression):
    __slots__ = ("steps",)

    def __init__(self, token, parser):
        super().__init__(token, parser)
        given = [arg for _function, args in self.filters for is_var, arg in args if is_var]
        for each in [self.var, *given] if self.is_var else given:
            if each.lookups and not each.translate:
                each.__class__ = Lookup
        self.steps = [_step(*each) for each in self.filters]

    def resolve(self, context, ignore_failures=False):
        value = self.var
        if self.is_var:
            try:
                value = value.resolve(context)
            except VariableDoesNotExist:
                if ignore_failures:
                    value = None
                elif context.template.engine.string_if_invalid:
                    return super().resolve(context)
                else:
                    value = ""
        for function, given, expects_localtime, needs_autoescape, is_safe in self.steps:
            if expects_localtime:
                value = base.template_localtime(value, context.use_tz)
            more = {"autoescape": context.autoescape} if needs_autoescape else {}
            found = function(
                value, *[arg.resolve(context) if is_var else arg for is_var, arg in given], **more
            )
            stays_safe = is_safe and isinstance(value, base.SafeData)
            value = mark_safe(found) if stays_safe else found
        return value


def _step(function, given):
    return (
        function,
        [(is_var, arg if is_var else mark_safe(arg)) for is_var, arg in given],
        *(
            getattr(function, flag, False)
            for flag in ("expects_localtime", "needs_autoescape", "is_safe")
        ),
    )


class Parser(base.Parser):
    def compile_filter(self, token):
        return Expression(token, self)

    def extend_nodelist(self, nodelist, node, token):
        super().extend_nodelist(nodelist, plainer(node), token)


class Said(base.Node):
    """What another node says on every page of one language."""

    child_nodelists = ()

    def __init__(self, node):
        self.node = node

    def render_annotated(self, context):
        said = said_in(context)
        if self not in said:
            said[self] = str(self.node.render(context))
        return said[self]

    render = render_annotated


class Variable(base.VariableNode):
    def render_annotated(self, context):
        return shown(self.filter_expression.resolve(context), context)


class If(defaulttags.IfNode):
    def render_annotated(self, context):
        for condition, nodes in self.conditions_nodelists:
            if condition is None or _holds(condition, context):
                return "".join([node.render_annotated(context) for node in nodes])
        return ""


def _holds(condition, context):
    try:
        return condition.eval(context)
    except VariableDoesNotExist:
        return False


class For(defaulttags.ForNode):
    def render_annotated(self, context):
        outer = context.get("forloop", {})
        values = self.sequence.resolve(context, ignore_failures=True)
        if values is None:
            values = []
        elif not hasattr(values, "__len__"):
            values = list(values)
        many, names = len(values), self.loopvars
        if not many:
            return self.nodelist_empty.render(context)
        if self.is_reversed:
            values = reversed(values)
        loop = {"parentloop": outer}
        own, text, depth = {"forloop": loop}, [], len(context.dicts)
        context.dicts.append(own)
        try:
            for place, value in enumerate(values):
                loop["counter0"], loop["counter"] = place, place + 1
                loop["revcounter"], loop["revcounter0"] = many - place, many - place - 1
                loop["first"], loop["last"] = not place, place == many - 1
                if len(names) == 1:
                    own[names[0]] = value
                    text += [node.render_annotated(context) for node in self.nodelist_loop]
                    continue
                context.dicts.append(dict(zip(names, value, strict=True)))
                text += [node.render_annotated(context) for node in self.nodelist_loop]
                context.dicts.pop()
        finally:
            del context.dicts[depth:]
        return "".join(text)


class With(defaulttags.WithNode):
    def render_annotated(self, context):
        context.dicts.append(_values(self.extra_context, context))
        try:
            return "".join([node.render_annotated(context) for node in self.nodelist])
        finally:
            context.dicts.pop()


def _values(expressions, context):
    return {name: each.resolve(context) for name, each in expressions.items()}


class Include(loader_tags.IncludeNode):
    """Of a template that is named, with all that is known here."""

    found = None

    def render_annotated(self, context):
        if self.found is None:
            name = construct_relative_path(self.origin.template_name, self.template.var)
            self.found = context.template.engine.get_template(name)
        within = context.render_context
        before, within.template = within.template, self.found
        within.dicts.append({})
        context.dicts.append(_values(self.extra_context, context))
        try:
            return self.found._render(context)
        finally:
            context.dicts.pop()
            within.dicts.pop()
            within.template = before


class Block(loader_tags.BlockNode):
    def render_annotated(self, context):
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        if blocks is None:
            return self.render(context)
        last = blocks.pop(self.name)
        # As Django does: a block that is shown holds this page's context.
        block = type(self)(self.name, (last or self).nodelist)
        block.context = context
        context.dicts.append({"block": block})
        try:
            text = "".join([node.render_annotated(context) for node in block.nodelist])
        finally:
            context.dicts.pop()
        if last is not None:
            blocks.push(self.name, last)
        return text


class Extends(loader_tags.ExtendsNode):
    """Of a template that is named."""

    found = None

    def render_annotated(self, context):
        if self.found is None:
            parent = self.get_parent(context)
            first = next((n for n in parent.nodelist if not isinstance(n, base.TextNode)), None)
            is_last = not isinstance(first, loader_tags.ExtendsNode)
            self.found = parent, _blocks(parent.nodelist) if is_last else {}
        parent, theirs = self.found
        within = context.render_context
        blocks = within.setdefault(BLOCK_CONTEXT_KEY, loader_tags.BlockContext())
        blocks.add_blocks(self.blocks)
        blocks.add_blocks(theirs)
        before, within.template = within.template, parent
        try:
            return parent._render(context)
        finally:
            within.template = before


def _blocks(nodes):
    return {node.name: node for node in nodes.get_nodes_by_type(loader_tags.BlockNode)}


class BlockTranslate(i18n.BlockTranslateNode):
    """With values in it, or with a number."""

    messages = None

    def render_annotated(self, context):
        if self.messages is None:
            self.messages = [
                self.render_token_list(tokens) for tokens in (self.singular, self.plural or ())
            ]
        (one, names), (many, more) = self.messages
        own = _values(self.extra_context, context)
        context.dicts.append(own)
        try:
            if self.plural:
                own[self.countervar] = count = self.counter.resolve(context)
                if type(count) is not int:
                    return self.render(context)
                message = ngettext(one, many, count)
            else:
                said = said_in(context)
                if self not in said:
                    said[self] = gettext(one)
                message = said[self]
            values = {name: shown(context.get(name, ""), context) for name in (*names, *more)}
        finally:
            context.dicts.pop()
        try:
            return message % values
        except (KeyError, ValueError):
            return self.render(context)


KIN = {
    base.VariableNode: Variable,
    defaulttags.IfNode: If,
    defaulttags.ForNode: For,
    defaulttags.WithNode: With,
    loader_tags.BlockNode: Block,
}


def plainer(node):
    """The same node, or one that says the same with less work."""
    kind = type(node)
    if _says_always_the_same(node, kind):
        return Said(node)
    if kind is i18n.BlockTranslateNode and not (node.message_context or node.asvar):
        node.__class__ = BlockTranslate
    elif kind is loader_tags.IncludeNode:
        if _is_word(node.template) and not node.isolated_context:
            node.__class__ = Include
    elif kind is loader_tags.ExtendsNode:
        if _is_word(node.parent_name):
            node.__class__ = Extends
    elif kind in KIN:
        node.__class__ = KIN[kind]
    return node


def _says_always_the_same(node, kind):
    if kind is i18n.TranslateNode:
        word = node.filter_expression
        return not (node.asvar or node.noop or node.message_context or word.filters) and (
            word.var.literal is not None
        )
    if kind is i18n.BlockTranslateNode:
        return not (
            node.asvar or node.message_context or node.extra_context or node.plural
            or any(token.token_type == base.TokenType.VAR for token in node.singular)
        )  # fmt: skip
    if kind is static.StaticNode:
        return node.varname is None and _is_word(node.path)
    if kind is addresses.URLNode:
        return node.asvar is None and not node.args and _is_word(node.view_name)
    return False


def _is_word(expression):
    return not expression.is_var and not expression.filters
