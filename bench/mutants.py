"""Where a module can be changed so that it says something else; `mutation.py` tries it out."""

import ast

PAIRS = [(ast.Eq, ast.NotEq), (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.In, ast.NotIn),
         (ast.Is, ast.IsNot), (ast.And, ast.Or), (ast.Add, ast.Sub), (ast.BitAnd,
             ast.BitOr)]  # fmt: skip
TURNED = dict(PAIRS) | {other: one for one, other in PAIRS} | {ast.Mult: ast.Add}
FUNCTIONS = ast.FunctionDef | ast.Lambda
DROPPED = ast.Raise | ast.Delete | ast.Continue


def without(items, at):
    return [*items[:at], *items[at + 1 :]]


def changes(node):
    """The ways to change a node, as `(what it is, name of its attribute, its new value)`."""
    for at, op in enumerate(getattr(node, "ops", ())):
        turned = TURNED[type(op)]()
        yield f"{type(op).__name__} turned", "ops", [*node.ops[:at], turned, *node.ops[at + 1 :]]
    if type(getattr(node, "op", None)) in TURNED:
        yield f"{type(node.op).__name__} turned", "op", TURNED[type(node.op)]()
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", "operand", ast.UnaryOp(ast.Not(), node.operand)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "condition turned", "test", ast.UnaryOp(ast.Not(), node.test)
    for at in range(len(getattr(node, "ifs", ()))):
        yield "filter dropped", "ifs", without(node.ifs, at)
    if isinstance(node, ast.Return) and getattr(node.value, "value", True) is not None:
        yield "returns None", "value", ast.Constant(None)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | str):
        twice = node.value * 2 or type(node.value)(1)
        other = not node.value if isinstance(node.value, bool) else twice
        yield f"{node.value!r} changed", "value", other
    for at, keyword in enumerate(getattr(node, "keywords", ())):
        if keyword.arg:
            yield f"{keyword.arg}= dropped", "keywords", without(node.keywords, at)
    body = node.body if isinstance(getattr(node, "body", None), list) else []
    for at, line in enumerate(body):
        call = isinstance(line, ast.Expr) and isinstance(line.value, ast.Call)
        if call or isinstance(line, DROPPED):
            yield f"line {line.lineno} dropped", "body", [*body[:at], ast.Pass(), *body[at + 1 :]]


def span(node):
    """The lines of a statement or of a part of one: of a condition without what stands below it."""
    first = getattr(node, "lineno", None) or node.target.lineno
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if isinstance(body, list) else getattr(node, "end_lineno", first)
    return range(first, max(first, last) + 1)


def changed(node, name, value):
    """The statement that is dropped, or what is changed."""
    if name != "body":
        return node
    return next(old for old, new in zip(node.body, value, strict=True) if old is not new)


def mutants(path):
    """`(its lines, those of its statement, what, code of the whole module)` for every change inside
    a function. Python tells a tracer no line of a constant tuple but its statement's first."""
    with open(path) as file:
        tree = ast.parse(file.read())
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    bodies = []
    for each in functions:
        bodies += each.body if isinstance(each.body, list) else [each.body]
    printed = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    aside = {part for node in printed for part in node.values}
    lines = (node.value for node in bodies if isinstance(node, ast.Expr))
    aside |= {each for each in lines if isinstance(each, ast.Constant)}  # docstrings
    statements = {}
    for statement in (node for node in ast.walk(tree) if isinstance(node, ast.stmt)):
        statements |= dict.fromkeys(ast.walk(statement), statement)  # the innermost comes last
    inside = dict.fromkeys([*functions, *(node for part in bodies for node in ast.walk(part))])
    for node in (node for node in inside if node not in aside):
        for what, name, value in changes(node):
            before, spot = getattr(node, name), changed(node, name, value)
            lines = span(spot), span(statements[spot])
            setattr(node, name, value)
            yield *lines, what, compile(ast.fix_missing_locations(tree), path, "exec")
            setattr(node, name, before)
