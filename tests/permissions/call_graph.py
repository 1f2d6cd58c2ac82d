"""Which functions of the project an entry reaches: a call graph by types, and by names where no type is known.

Started at a handler or a job, it follows what a function names: functions, classes, methods of objects whose class the
annotations tell. Where they do not tell, every method of that name counts which a class that is made could have, so
that rather too much is reached than too little.
"""

import ast
from collections import defaultdict

from tests.permissions.code_index import CodeIndex, Function, own_nodes
from tests.permissions.value_types import ValueTypes

LOWEST = "expectations."
"""The package that imports no other of ours: import-linter holds it to that."""


class CallGraph:
    """Functions that an entry reaches, each with who names it."""

    def __init__(self, code: CodeIndex, module: str, entry: str) -> None:
        self.code, self.types = code, ValueTypes(code)
        self.functions: dict[str, Function] = {}
        self.made: set[str] = set()
        self.callers: dict[str, set[str]] = defaultdict(set)
        self.nodes: dict[str, list[ast.AST]] = {}
        self.is_grown, self.is_guessing = True, False
        self.having: dict[str, set[str]] = defaultdict(set)
        for one in code.closure(module):
            body = ast.FunctionDef(one.name, ast.arguments([], [], None, [], [], None, []), one.tree.body, [], None)
            self.functions[one.name] = Function(one.name, one.name, body)
        if entry not in code.functions:
            raise LookupError(f"{entry} is no function; expected the entry of a Lambda or a job")
        self._reach(f"function:{entry}", "")

    def follow_all(self) -> None:
        """Follow everything until nothing is new."""
        while self.types.is_changed or self.is_grown:
            self.types.is_changed = self.is_grown = False
            for function in list(self.functions.values()):
                self._follow(function)

    def _follow(self, function: Function) -> None:
        """Note what a function hands on, and what it reaches."""
        for parameter in function.parameters:
            if parameter.annotation:
                types = self.types.annotated(parameter.annotation, function.module, function.owner)
                self.types.note(function.name, parameter.arg, types)
        for node in self.nodes_of(function):
            self._note_values(node, function)
            if isinstance(node, ast.Call):
                self._note_arguments(node, function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                for found in self.types.of(node, function):
                    self._reach(found, function.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                self._follow_attribute(node, function)

    def nodes_of(self, function: Function) -> list[ast.AST]:
        """Every node of a function that can hold or name something."""
        if function.name not in self.nodes:
            idle = ast.Constant | ast.expr_context | ast.operator | ast.cmpop | ast.boolop | ast.unaryop
            self.nodes[function.name] = [one for one in own_nodes(function.node.body) if not isinstance(one, idle)]
        return self.nodes[function.name]

    def _note_values(self, node: ast.AST, function: Function) -> None:
        match node:
            case ast.Assign():
                for target in node.targets:
                    self._assign(target, node.value, function)
            case ast.AnnAssign() if isinstance(node.target, ast.Name | ast.Attribute):
                self._note_target(node.target, self.types.annotated(node.annotation, function.module), function)
            case ast.Return() | ast.Yield() | ast.YieldFrom() if node.value:
                self.types.note(function.name, "return", self.types.of(node.value, function))
        if bound := _bound(node):
            self._assign(*bound, function)

    def _assign(self, target: ast.expr, value: ast.expr, function: Function) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            same = len(parts) == len(target.elts)
            for number, one in enumerate(target.elts):
                self._assign(one, parts[number] if same else value, function)
        else:
            self._note_target(target, self.types.of(value, function), function)

    def _note_target(self, target: ast.expr, types: frozenset[str], function: Function) -> None:
        if isinstance(target, ast.Name):
            self.types.note(function.name, target.id, types)
        elif isinstance(target, ast.Attribute):
            for base in self.types.of(target.value, function):
                if base.startswith(("object:", "class:")):
                    self.types.note(base.partition(":")[2], target.attr, types)

    def _note_arguments(self, call: ast.Call, function: Function) -> None:
        for callee in self.types.callees(call, function):
            scope, names = self.parameters_of(callee)
            for number, argument in enumerate(call.args):
                if number < len(names):
                    self.types.note(scope, names[number], self.types.of(argument, function))
            for keyword in call.keywords:
                if keyword.arg in names:
                    self.types.note(scope, keyword.arg, self.types.of(keyword.value, function))

    def parameters_of(self, callee: str) -> tuple[str, list[str]]:
        """What a call of a function or class binds: whose names, and the names in their order."""
        kind, _, dotted = callee.partition(":")
        if kind == "function":
            return dotted, [one.arg for one in self.code.functions[dotted].parameters]
        chain = list(self.types.ancestors(dotted))
        made = next((one.methods["__init__"] for one in chain if "__init__" in one.methods), None)
        if made:
            return made, [one.arg for one in self.code.functions[made].parameters]
        return dotted, [name for one in reversed(chain) for name in one.fields]

    def _follow_attribute(self, node: ast.Attribute, function: Function) -> None:
        bases = self.types.of(node.value, function)
        for found in self.types.of(node, function):
            self._reach(found, function.name)
        for base in bases:
            kind, _, dotted = base.partition(":")
            for one in self.types.family(dotted) if kind in ("object", "class") else ():
                if node.attr in one.methods:
                    self._reach(f"function:{one.methods[node.attr]}", function.name)
        if self.is_guessing and self.having[node.attr]:
            self._guess(node.attr, bases, function)

    def _guess(self, name: str, bases: frozenset[str], function: Function) -> None:
        """Reach what the classes that are made have under this name, where the object's class is not known."""
        asked = [{name}] if not bases else [self._asked_by_protocol(base) for base in bases]
        for made in list(self.having[name]) if any(asked) else ():
            methods = {method for one in self.types.ancestors(made) for method in one.methods}
            # an object of a higher layer comes to the contract as what a protocol asks for, or not at all
            is_above = not bases and function.module.startswith(LOWEST) and not made.startswith(LOWEST)
            if not is_above and any(one and one <= methods for one in asked):
                self._reach(f"function:{self.code.classes[made].methods[name]}", function.name)

    def _asked_by_protocol(self, base: str) -> set[str]:
        """What a class must have to pass for a protocol; nothing where it is none."""
        kind, _, dotted = base.partition(":")
        if kind != "object" or "Protocol" not in self.types.bases_of_others(dotted):
            return set()
        return {method for one in self.types.ancestors(dotted) for method in one.methods}

    def _reach(self, found: str, caller: str) -> None:
        kind, _, dotted = found.partition(":")
        if kind == "function":
            self.callers[dotted].add(caller)
            if dotted not in self.functions:
                self.functions[dotted], self.is_grown = self.code.functions[dotted], True
        elif kind == "class" and dotted not in self.made:
            self.made.add(dotted)
            self.is_grown = True
            for one in self.types.ancestors(dotted):
                self.made.add(one.name)
                for name in one.methods:
                    self.having[name].add(one.name)
                called_by_others = bool(self.types.bases_of_others(one.name) - {"Protocol"})
                for name, method in one.methods.items():
                    if called_by_others or name.startswith("__"):
                        self._reach(f"function:{method}", caller)


def _bound(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """The target of a statement that gives one value to it, and the value; of a loop what it runs through."""
    match node:
        case ast.AnnAssign() | ast.NamedExpr() if node.value:
            return node.target, node.value
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            return node.target, node.iter
        case ast.withitem() if node.optional_vars:
            return node.optional_vars, node.context_expr
    return None
