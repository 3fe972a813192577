"""What the rules say of themselves: each function with its docstring, source, numbers, events and decisions of chance."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

import familyabm
from familyabm.codes import Event
from familyabm.luck import Block
from familyabm.parameters import REGISTER, Group

PACKAGE = Path(familyabm.__file__).parent
MAKERS = (
    "population/__init__", "population/facts", "population/conditions", "population/places", "population/services",
    "population/staff", "population/carers", "newcomers", "population/draws", "multipliers",
)  # fmt: skip
"""The modules that make a town before its first week, in the order of what they make."""
_ADDRESS = re.compile(r'"(\w+\.\w+)"')


@dataclass(frozen=True)
class Rule:
    """One function of a rules module, and what it reads and records."""

    module: str
    name: str
    says: str
    source: str
    numbers: tuple[str, ...]
    events: tuple[str, ...]
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """One module of rules: its name, what it says of itself, and its functions in order."""

    name: str
    says: str
    rules: tuple[Rule, ...]

    @property
    def process(self) -> str:
        """Return the code of the process that it belongs to, such as P5; nothing if several use it."""
        found = re.match(r"P\d+", self.says)
        return found[0] if found and f"{found[0]} to" not in self.says else ""


def _group(node: ast.expr) -> str:
    """Return the group that `town.p.GROUP[0]` reads, or nothing."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr=group, value=ast.Attribute(attr="p", value=ast.Name()))):
            return group if group in Group.registered else ""
    return ""


def _aliases(function: ast.FunctionDef) -> dict[str, str]:
    """Return the names within a function that stand for groups of numbers."""
    found: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            names, values = node.targets[0], node.value
            pairs = (
                zip(names.elts, values.elts, strict=True)
                if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple)
                else [(names, values)]
            )
            found |= {name.id: _group(value) for name, value in pairs if isinstance(name, ast.Name) and _group(value)}
    return found


def _numbers(function: ast.FunctionDef) -> Iterator[str]:
    """Go through the addresses of the numbers that a function reads."""
    aliases = _aliases(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            group = _group(node.value) or (aliases.get(node.value.id, "") if isinstance(node.value, ast.Name) else "")
            if f"{group}.{node.attr}" in REGISTER:
                yield f"{group}.{node.attr}"


def _members(function: ast.FunctionDef, kind: str, known: type[IntEnum]) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=member) if name == kind and member in known.__members__:
                yield member


def _once(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _named(path: Path) -> str:
    """Return a module's name, made different from that of the rules where it makes what they live with."""
    if path.parent.name != "population":
        return path.stem
    return "making_" + ("towns" if path.stem == "__init__" else path.stem)


def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    rules = tuple(
        Rule(
            _named(path), node.name, ast.get_docstring(node) or "", ast.get_source_segment(text, node) or "",
            _once(_numbers(node)), _once(_members(node, "Event", Event)), _once(_members(node, "Block", Block)),
        )
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    )  # fmt: skip
    return Module(_named(path), ast.get_docstring(tree) or "", rules)


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of rules, by name."""
    return tuple(_module(path) for path in sorted((PACKAGE / "rules").glob("*.py")) if path.stem != "__init__")


@cache
def makers() -> tuple[Module, ...]:
    """Return the modules that make a town before its first week, in the order of what they make."""
    return tuple(_module(PACKAGE / f"{name}.py") for name in MAKERS)


@cache
def readers() -> dict[str, list[Rule]]:
    """Return the rules that read each number, by its address."""
    found: dict[str, list[Rule]] = {}
    for module in modules():
        for rule in module.rules:
            for address in rule.numbers:
                found.setdefault(address, []).append(rule)
    return found


@cache
def recorders() -> dict[str, list[Rule]]:
    """Return the rules that name each event, by its name in the code."""
    found: dict[str, list[Rule]] = {}
    for module in modules():
        for rule in module.rules:
            for event in rule.events:
                found.setdefault(event, []).append(rule)
    return found


@cache
def elsewhere() -> dict[str, list[str]]:
    """Return the other modules that read a number by its address or group: they make towns and derived numbers."""
    paths = [*(PACKAGE / "population").glob("*.py"), PACKAGE / "newcomers.py", PACKAGE / "simulation.py"]
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        text = path.read_text(encoding="utf-8")
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        for address in set(_ADDRESS.findall(text)) & set(REGISTER):
            found.setdefault(address, []).append(name)
        for function in [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]:
            for address in set(_numbers(function)):
                if name not in found.setdefault(address, []):
                    found[address].append(name)
    return found
