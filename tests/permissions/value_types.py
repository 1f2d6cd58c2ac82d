"""What expressions may be, as far as their source tells: clients of AWS, objects of our classes, functions.

A type is a text: `client:s3`, `object:<class>`, `class:<class>`, `function:<function>`, `module:<module>`, or `other:`
for what is known to be somebody else's. No type at all means that the source does not tell. A container is taken for
what it holds: a list of files has the methods of a file, and no harm is done by those of a list. A place in S3 is
`text:` and what it begins with, where that is a setting or a zone of the lake: `text:${REPORTS_URI}/files/x.json`.
"""

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from tests.permissions.code_index import Class, CodeIndex, Function
from tests.permissions.places import WRAPPERS, below, filled_in, lists_places, place_of, texts_of

Types = frozenset[str]
NOTHING: Types = frozenset()
OTHER: Types = frozenset({"other:"})
STUBS = "mypy_boto3_"
"""Packages of boto3's types: one a service, its name behind the prefix."""
MAKES_CLIENT = "boto3.client"
THEMSELVES = ast.IfExp | ast.BoolOp | ast.NamedExpr | ast.Subscript | ast.Await | ast.Starred
"""What is one of its parts; all else that has parts is a container of them."""


class ValueTypes:
    """Types of variables, parameters, fields and results: gathered until nothing is new."""

    def __init__(self, code: CodeIndex) -> None:
        self.code = code
        self.known: dict[tuple[str, str], Types] = defaultdict(frozenset)
        self.is_changed = False
        self.ancestors = cache(self._ancestors)
        self.family = cache(self._family)

    def note(self, scope: str, name: str, types: Types) -> None:
        """A variable, field or parameter may also be this."""
        if scope.startswith(WRAPPERS):
            types = frozenset(one for one in types if not one.startswith("text:"))
        if not types <= self.known[scope, name]:
            self.known[scope, name] |= types
            self.is_changed = True

    def of(self, node: ast.expr, function: Function) -> Types:
        """What an expression of a function may be; the body of a module is a function of its name."""
        match node:
            case ast.Name():
                return self._of_name(node.id, function)
            case ast.Attribute():
                bases = self.of(node.value, function)
                return frozenset(found for base in bases for found in self.member(base, node.attr))
            case ast.Call():
                return self._of_call(node, function)
            case ast.JoinedStr():
                return filled_in(node, lambda part: self.of(part, function)) or OTHER
            case ast.BinOp():
                return texts_of(self.of(node.left, function)) or OTHER
        held = _held(node)
        found = frozenset().union(*(self.of(one, function) for one in held))
        return found if isinstance(node, THEMSELVES) else found | OTHER

    def member(self, base: str, name: str) -> Types:
        """What `base.name` may be."""
        kind, _, dotted = base.partition(":")
        if kind == "module":
            return self.of_dotted(f"{dotted}.{name}")
        if kind == "text":
            return frozenset({base})
        if place := place_of(kind, {one.name for one in self.ancestors(dotted)}, name, self._fields(dotted)):
            return place
        if kind not in ("object", "class"):
            return OTHER if kind in ("other", "client", "function") else NOTHING
        found = NOTHING
        for one in self.family(dotted):
            if name in one.methods:
                method = self.code.functions[one.methods[name]]
                found |= self.result(method) if method.is_property else frozenset({f"function:{method.name}"})
            if name in one.fields:
                found |= self.annotated(one.fields[name], one.module)
            found |= self.known[one.name, name]
        return found or OTHER

    def _family(self, dotted: str) -> tuple[Class, ...]:
        """A class of ours, those that it inherits from, and those that inherit from it."""
        heirs = (one for one in self.code.classes.values() if one.name != dotted)
        return (
            *self.ancestors(dotted),
            *(one for one in heirs if any(other.name == dotted for other in self.ancestors(one.name))),
        )

    def _ancestors(self, dotted: str) -> tuple[Class, ...]:
        """A class of ours and those of ours that it inherits from."""
        found = self.code.classes.get(self.code.meaning(dotted))
        if not found:
            return ()
        bases = [meant for base in found.node.bases for meant in self.annotated(base, found.module)]
        return (found, *(one for base in bases for one in self.ancestors(base.partition(":")[2])))

    def bases_of_others(self, dotted: str) -> set[str]:
        """Names of the classes of others that a class inherits from."""
        bases = [base for one in self.ancestors(dotted) for base in one.node.bases]
        names = {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in bases}
        return names - {one.name.rpartition(".")[2] for one in self.ancestors(dotted)}

    def result(self, function: Function) -> Types:
        """What a function returns, by its annotation and by its return statements."""
        returns = function.node.returns
        return self.known[function.name, "return"] | (
            self.annotated(returns, function.module, function.owner) if returns else NOTHING
        )

    def annotated(self, annotation: ast.expr, module: str, owner: str = "") -> Types:
        """The types that an annotation names; of a container those of what it holds."""
        match annotation:
            case ast.Constant(value=str() as text):
                return self.annotated(ast.parse(text, mode="eval").body, module, owner)
            case ast.Name() | ast.Attribute():
                return self._named(ast.unparse(annotation), module, owner)
            case ast.Subscript():
                parts = _parts_of(annotation)
            case ast.BinOp():
                parts = [annotation.left, annotation.right]
            case ast.Tuple() | ast.List():
                parts = annotation.elts
            case _:
                return OTHER
        return frozenset().union(OTHER, *(self.annotated(one, module, owner) for one in parts))

    def _named(self, text: str, module: str, owner: str) -> Types:
        if text == "Self":
            return frozenset({f"object:{owner}"})
        if text in ("Any", "object"):
            return NOTHING
        return frozenset(one.replace("class:", "object:") for one in self.of_dotted(self._dotted(text, module)))

    def of_dotted(self, dotted: str) -> Types:
        """What a dotted name means, ours or somebody else's."""
        meant = self.code.meaning(dotted)
        package = meant.partition(".")[0]
        if package.startswith(STUBS) and meant.endswith("Client"):
            return frozenset({f"client:{package.removeprefix(STUBS).replace('_', '-')}"})
        if meant in self.code.classes:
            return frozenset({f"class:{meant}"})
        if meant in self.code.functions:
            return frozenset({f"function:{meant}"})
        holder, _, name = meant.rpartition(".")
        if self.code.module(meant) or meant == "boto3":
            return frozenset({f"module:{meant}"})
        if holder and self.code.module(holder):
            return self.known[holder, name]
        return OTHER

    def dotted_name(self, node: ast.expr, module: str) -> str:
        """The dotted name that a name or attribute stands for, if every part of it is a name."""
        return self.code.meaning(self._dotted(ast.unparse(node), module)) if is_dotted(node) else ""

    def callees(self, call: ast.Call, function: Function) -> Iterable[str]:
        """Functions and classes of ours that a call may reach, as types."""
        return [one for one in self.of(call.func, function) if one.startswith(("class:", "function:"))]

    def _fields(self, dotted: str) -> set[str]:
        return {name for one in self.ancestors(dotted) for name in one.fields}

    def _made_by(self, called: ast.expr, method: str, function: Function) -> Types:
        """Of `Heir.read()`, whose method says that it returns Self: an heir."""
        returns = self.code.functions[method].node.returns
        if not (isinstance(called, ast.Attribute) and isinstance(returns, ast.Name) and returns.id == "Self"):
            return NOTHING
        return frozenset(one.replace("class:", "object:") for one in self.of(called.value, function))

    def _of_name(self, name: str, function: Function) -> Types:
        if name == "cls" and function.owner:
            return frozenset({f"class:{function.owner}"})
        scope: Function | None = function
        while scope:
            if name == "self" and scope.owner:
                return frozenset({f"object:{scope.owner}"})
            if self.known[scope.name, name]:
                return self.known[scope.name, name]
            nested = f"{scope.name}.{name}"
            if nested in self.code.functions or nested in self.code.classes:
                return self.of_dotted(nested)
            if name in {one.arg for one in scope.parameters}:
                return NOTHING
            scope = self.code.functions.get(scope.scope)
        return self.of_dotted(self._dotted(name, function.module))

    def _of_call(self, node: ast.Call, function: Function) -> Types:
        if self.dotted_name(node.func, function.module) == MAKES_CLIENT:
            match node.args:
                case [ast.Constant(value=str() as service), *_]:
                    return frozenset({f"client:{service}"})
            return NOTHING
        found = NOTHING
        for called in self.of(node.func, function):
            kind, _, dotted = called.partition(":")
            if kind == "class":
                found |= {f"object:{dotted}"}
            elif kind == "function":
                found |= self.result(self.code.functions[dotted]) | self._made_by(node.func, dotted, function)
                if node.args and lists_places(dotted, self.code.functions[dotted].node.returns):
                    found |= below(self.of(node.args[0], function))
            elif kind in ("object", "text"):
                found |= {called}
            else:
                found |= OTHER
        return found

    def _dotted(self, text: str, module: str) -> str:
        first, _, rest = text.partition(".")
        known = self.code.module(module)
        names = known.names if known else {}
        meant = names.get(first, f"{module}.{first}" if first not in BUILTINS else first)
        return f"{meant}.{rest}" if rest else meant


def _parts_of(annotation: ast.Subscript) -> list[ast.expr]:
    """The types that a subscript names; the words of a Literal are none."""
    inner = annotation.slice
    match ast.unparse(annotation.value).rpartition(".")[2]:
        case "Literal":
            return []
        case "Annotated" if isinstance(inner, ast.Tuple):
            return [inner.elts[0]]
    return [annotation.value, inner]


def _held(node: ast.expr) -> list[ast.expr]:
    """The expressions that a value is one of, or that it holds."""
    match node:
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.BoolOp() | ast.Dict():
            return node.values
        case ast.List() | ast.Tuple() | ast.Set():
            return node.elts
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return [node.elt]
    value = getattr(node, "value", None)
    return [value] if isinstance(value, ast.expr) else []


def is_dotted(node: ast.expr) -> bool:
    """Whether an expression is a name, or attributes of one."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and is_dotted(node.value))


BUILTINS = frozenset(dir(builtins))
