"""The project's own modules as an index: functions, classes and what names mean, read from the source and never run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """A function or method; `scope` is the function around it, or nothing."""

    name: str
    module: str
    node: FunctionNode
    owner: str = ""
    scope: str = ""

    @property
    def is_method(self) -> bool:
        """Whether its first parameter is the object or class that it belongs to."""
        return bool(self.owner) and "staticmethod" not in decorators(self.node)

    @property
    def is_property(self) -> bool:
        """Whether it is read like a field."""
        return bool(decorators(self.node) & {"property", "cached_property"})

    @property
    def parameters(self) -> tuple[ast.arg, ...]:
        """Parameters by position, then those by name; without self."""
        arguments = self.node.args
        placed = (*arguments.posonlyargs, *arguments.args)[1 if self.is_method else 0 :]
        return (*placed, *arguments.kwonlyargs)


@dataclass(frozen=True)
class Class:
    """A class with its methods, and the annotations of its fields in the order they are written."""

    name: str
    module: str
    node: ast.ClassDef
    methods: dict[str, str]
    fields: dict[str, ast.expr]


@dataclass
class Module:
    """One file: what its names mean, by dotted names, and the statements that run when it is imported."""

    name: str
    tree: ast.Module
    names: dict[str, str] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)


class CodeIndex:
    """Every module below some packages of a folder, read when it is asked for."""

    def __init__(self, root: Path, packages: tuple[str, ...]) -> None:
        self._root, self._packages = root, packages
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, Class] = {}
        self._modules: dict[str, Module | None] = {}

    def module(self, name: str) -> Module | None:
        """The module of this dotted name; None where it is none of the packages."""
        if name not in self._modules:
            self._modules[name] = None
            file = self._file(name)
            if file:
                self._modules[name] = self._read(name, file)
        return self._modules[name]

    def closure(self, entry: str) -> list[Module]:
        """The module and all that it imports, wherever the import stands."""
        found: dict[str, Module] = {}
        waiting = [entry]
        while waiting:
            name = waiting.pop()
            module = self.module(name)
            if module and name not in found:
                found[name] = module
                waiting += sorted(module.imports)
        return list(found.values())

    def meaning(self, dotted: str) -> str:
        """The dotted name that another one stands for, through imports of imports."""
        holder, _, name = dotted.rpartition(".")
        module = self.module(holder) if holder else None
        if module and name in module.names and module.names[name] != dotted:
            return self.meaning(module.names[name])
        return dotted

    def _file(self, name: str) -> Path | None:
        if name.partition(".")[0] not in self._packages:
            return None
        place = self._root.joinpath(*name.split("."))
        return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)

    def _read(self, name: str, file: Path) -> Module:
        module = Module(name, ast.parse(file.read_text("utf-8"), str(file)))
        self._note_definitions(module, module.tree.body, name, scope="")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    module.names[one.asname or one.name.partition(".")[0]] = (
                        one.name if one.asname else one.name.partition(".")[0]
                    )
                    module.imports.add(one.name)
            elif isinstance(node, ast.ImportFrom) and node.module:
                for one in node.names:
                    module.names[one.asname or one.name] = f"{node.module}.{one.name}"
                    module.imports |= {node.module, f"{node.module}.{one.name}"}
        return module

    def _note_definitions(self, module: Module, body: list[ast.stmt], holder: str, scope: str) -> None:
        for node in _definitions(body):
            dotted = f"{holder}.{node.name}"
            if holder == module.name:
                module.names[node.name] = dotted
            if isinstance(node, ast.ClassDef):
                self._note_class(module, node, dotted, scope)
            else:
                self._note_function(module, node, dotted, owner="", scope=scope)

    def _note_class(self, module: Module, node: ast.ClassDef, dotted: str, scope: str) -> None:
        methods = [one for one in node.body if isinstance(one, FunctionNode)]
        fields = {
            one.target.id: one.annotation
            for one in node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        }
        self.classes[dotted] = Class(
            dotted, module.name, node, {one.name: f"{dotted}.{one.name}" for one in methods}, fields
        )
        for one in methods:
            self._note_function(module, one, f"{dotted}.{one.name}", owner=dotted, scope=scope)

    def _note_function(self, module: Module, node: FunctionNode, dotted: str, owner: str, scope: str) -> None:
        self.functions[dotted] = Function(dotted, module.name, node, owner, scope)
        self._note_definitions(module, node.body, dotted, scope=dotted)


def decorators(node: FunctionNode | ast.ClassDef) -> set[str]:
    """The last part of the name of each decorator."""
    called = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return {
        one.attr if isinstance(one, ast.Attribute) else one.id
        for one in called
        if isinstance(one, ast.Name | ast.Attribute)
    }


def own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Every node that runs with these statements: not what stands inside of functions and classes defined there."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, FunctionNode):
            waiting += [*node.decorator_list, *node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        elif isinstance(node, ast.ClassDef):
            waiting += [*node.decorator_list, *(one for one in node.body if not isinstance(one, FunctionNode))]
        elif isinstance(node, ast.AnnAssign):
            waiting += [one for one in (node.target, node.value) if one]
        else:
            waiting += ast.iter_child_nodes(node)


def _definitions(body: list[ast.stmt]) -> Iterator[FunctionNode | ast.ClassDef]:
    """Functions and classes defined by these statements, also below `if`, `with` and `try`."""
    for node in body:
        if isinstance(node, FunctionNode | ast.ClassDef):
            yield node
        else:
            for name in ("body", "orelse", "finalbody"):
                yield from _definitions(getattr(node, name, []))
            for handler in getattr(node, "handlers", []):
                yield from _definitions(handler.body)
