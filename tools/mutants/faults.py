"""Faults of a module: where one can be planted, and what the module is with it."""

import ast
import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "familyabm"
BEYOND = ("measures", "worlds", "lab.store")
"""What faults are planted in besides the rules: what is counted, compared and kept."""
SWAPS: dict[type[ast.AST], Any] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One planted fault: where it stands, what it was and what it became, and the module that has it."""

    module: str
    line: int
    was: str
    became: str
    within: tuple[int, ...]
    """First lines of the functions around it, decorators included; none for what runs when it is imported."""
    tree: ast.Module


def modules(asked: list[str]) -> list[str]:
    """Return modules by their names in the package, such as rules.money for money; `all` is every one looked at.

    Raises ValueError for a name that is no module.
    """
    found: list[str] = []
    for name in [one for word in asked for one in (("rules", *BEYOND) if word == "all" else (word,))]:
        for place in (name, f"rules.{name}"):
            path = PACKAGE / place.replace(".", "/")
            inside = sorted(f"{place}.{one.stem}" for one in path.glob("[a-z]*.py"))
            if inside or path.with_suffix(".py").exists():
                found += inside or [place]
                break
        else:
            raise ValueError(f"{name}: no module of familyabm or of its rules")
    return list(dict.fromkeys(found))


def source_of(module: str) -> Path:
    """Return a module's file."""
    return PACKAGE / f"{module.replace('.', '/')}.py"


def places(tree: ast.Module, lines: Collection[int] = ()) -> list[int]:
    """Return where in a module, or on some of its lines, a fault can be planted: places in the order of its nodes."""
    spoilt = [(place, node) for place, node in enumerate(_whole(tree)) if node is not None and _can_be_spoilt(node)]
    return [place for place, node in spoilt if not lines or node.lineno in lines]  # type: ignore[attr-defined]


def planted(module: str, tree: ast.Module, place: int) -> Fault:
    """Return the module with a fault at one place."""
    changed = copy.deepcopy(tree)
    node: Any = next(node for at, node in enumerate(_whole(changed)) if at == place)
    was = _told(node)
    _spoil(node)
    within = tuple(first for first, last in functions(tree) if first <= node.lineno <= last)
    return Fault(module, node.lineno, was, _told(node), within, ast.fix_missing_locations(changed))


def functions(tree: ast.Module) -> list[tuple[int, int]]:
    """Return the first and last line of every function, as Python counts them: from its first decorator."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
            first = min([node.lineno, *(one.lineno for one in decorators)])
            found.append((first, node.end_lineno or first))
    return found


def _whole(tree: ast.Module) -> Iterator[ast.AST | None]:
    """Yield every node once, in one order; nothing for what is no code, such as a docstring or an annotation."""
    idle: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            parts: list[ast.AST | None] = [*node.decorator_list, node.args, node.returns]
            idle |= {id(one) for part in parts if part is not None for one in ast.walk(part)}
        elif isinstance(node, ast.AnnAssign):
            idle |= {id(one) for one in ast.walk(node.annotation)}
        yield None if id(node) in idle else node


def _can_be_spoilt(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in SWAPS
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        return type(node.op) in SWAPS
    return isinstance(node, ast.If | ast.IfExp) or (isinstance(node, ast.Constant) and type(node.value) in (int, float))


def _spoil(node: Any) -> None:
    """Change a node to what is wrong in its place."""
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        number: Any = node.value
        node.value = number + 1 if isinstance(number, int) else number * 2.0 or 1.0
    else:
        node.test = ast.UnaryOp(ast.Not(), node.test)


def _told(node: Any) -> str:
    """Return a node as one line; of a condition its test alone."""
    return f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)
