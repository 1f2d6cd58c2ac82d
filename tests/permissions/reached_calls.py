"""Every call of AWS that an entry of the project can reach, read from the source.

A call is a method of a client that is named, called or not. What could hide one from the reader is told as unresolved:
a client handed to what is not ours or kept where it is not followed, a service that is not written down, boto3's
resources and sessions.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.permissions.call_graph import CallGraph
from tests.permissions.code_index import CodeIndex, Function
from tests.permissions.places import WRAPPERS, texts_of
from tests.permissions.value_types import MAKES_CLIENT

HARMLESS = frozenset({"Config", "exceptions", "config", "response"})
"""What of botocore calls nothing."""

FOLLOWED = (
    ast.Assign
    | ast.AnnAssign
    | ast.NamedExpr
    | ast.Return
    | ast.Tuple
    | ast.IfExp
    | ast.BoolOp
    | ast.withitem
    | ast.Expr
)
"""Where a client may stand without being lost."""


@dataclass(frozen=True, order=True)
class Call:
    """A method of a client, in the function where it stands; `argument` is the text that tells an operation apart."""

    function: str
    service: str
    method: str
    line: int
    argument: str = ""
    keywords: frozenset[str] = frozenset()


@dataclass
class Reached:
    """What an entry reaches."""

    calls: set[Call] = field(default_factory=set)
    callers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Texts by the function that asks, the wrapper that it asks, and the wrapper's parameter."""
    unresolved: set[str] = field(default_factory=set)


def reached_from(code: CodeIndex, module: str, entry: str) -> Reached:
    """What runs when the module is imported and its function `entry` is called."""
    graph = CallGraph(code, module, f"{module}.{entry}")
    graph.follow_all()
    # only when no annotation tells more: a name that is looked for too early would be found in the wrong classes
    graph.is_guessing = graph.is_grown = True
    graph.follow_all()
    found = Reached(callers=graph.callers)
    for function in graph.functions.values():
        _Reader(graph, function, found).read()
    return found


class _Reader:
    """Reads the calls of one function."""

    def __init__(self, graph: CallGraph, function: Function, found: Reached) -> None:
        self._graph, self._types, self._function, self._found = graph, graph.types, function, found
        self._nodes = graph.nodes_of(function)
        self._parents = {child: node for node in self._nodes for child in ast.iter_child_nodes(node)}

    def read(self) -> None:
        for node in self._nodes:
            if isinstance(node, ast.Call):
                self._note_places(node)
            if isinstance(node, ast.expr):
                self._read_library(node)
                self._read_client(node)

    def _note_places(self, call: ast.Call) -> None:
        for callee in self._types.callees(call, self._function):
            scope, names = self._graph.parameters_of(callee)
            if scope.startswith(WRAPPERS):
                given = [*zip(names, call.args, strict=False), *((one.arg or "", one.value) for one in call.keywords)]
                for name, value in given:
                    texts = texts_of(self._types.of(value, self._function))
                    found = self._found.places[self._function.name, scope, name]
                    found |= {one.partition(":")[2] for one in texts}

    def _read_client(self, node: ast.expr) -> None:
        types = self._types.of(node, self._function)
        clients = [one.partition(":")[2] for one in types if one.startswith("client:")]
        if not clients or isinstance(getattr(node, "ctx", None), ast.Store):
            return
        parent = self._parents.get(node)
        if isinstance(parent, ast.Attribute):
            self._found.calls |= {self._call(one, parent, node) for one in clients}
        elif not self._is_followed(node):
            self._tell(node, f"hands a client of {', '.join(clients)} to what cannot be followed")

    def _call(self, service: str, method: ast.Attribute, client: ast.expr) -> Call:
        call = self._parents.get(method)
        if not isinstance(call, ast.Call) or call.func is not method:
            return Call(self._function.name, service, method.attr, client.lineno)
        first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""
        keywords = frozenset(one.arg or "" for one in call.keywords)
        return Call(self._function.name, service, method.attr, client.lineno, str(first), keywords)

    def _is_followed(self, node: ast.AST) -> bool:
        parent = self._parents.get(node)
        if isinstance(parent, ast.keyword):
            return self._is_followed(parent)
        if isinstance(parent, ast.Call):
            return parent.func is node or bool(self._types.callees(parent, self._function))
        return isinstance(parent, FOLLOWED)

    def _read_library(self, node: ast.expr) -> None:
        parent = self._parents.get(node)
        if isinstance(parent, ast.Attribute):
            return
        named = self._types.dotted_name(node, self._function.module)
        package, _, rest = named.partition(".")
        if package == "botocore" and rest.partition(".")[0] not in HARMLESS:
            self._tell(node, f"uses {named}")
        elif package == "boto3" and named != MAKES_CLIENT:
            self._tell(node, f"uses {named}; only boto3.client is read")
        elif named == MAKES_CLIENT:
            service = parent.args[0] if isinstance(parent, ast.Call) and parent.func is node and parent.args else None
            if not (isinstance(service, ast.Constant) and isinstance(service.value, str)):
                self._tell(node, "makes a client of a service that is not written there")

    def _tell(self, node: ast.expr, what: str) -> None:
        self._found.unresolved.add(f"{self._function.module}:{node.lineno} {what}")


def uses(reached: Reached) -> Iterator[tuple[str, str, Call]]:
    """Each call with the function that asks for it and the function it asks, through modules that only wrap AWS."""
    for call in sorted(reached.calls):
        waiting, seen = [(call.function, "")], set()
        while waiting:
            function, asked = waiting.pop()
            if function in seen:
                continue
            seen.add(function)
            if function.startswith(WRAPPERS):
                waiting += [(caller, function) for caller in sorted(reached.callers.get(function, ()))]
            else:
                yield function, asked, call
