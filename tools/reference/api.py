"""What a program may call: the public names, the model and its agents, the lab, each as its docstring says."""

import inspect
import re
from importlib import import_module
from typing import Any

import familyabm
from familyabm import agents
from tools.reference import text

LAB = ("Study", "Factor", "Design", "Options", "run_study", "open_study")
FURTHER = {
    "familyabm.lab": LAB,
    "familyabm.lab.results": ("StudyResults",),
    "familyabm.simulation": ("Snapshot", "Life", "Run"),
    "familyabm.worlds": ("partings", "part"),
    "familyabm.shocks": ("Shock",),
    "familyabm.parameters": ("REGISTER",),
}
"""Names beyond the public ones that the tutorials and examples use, by module."""


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    public = [
        part for name in familyabm.__all__ if name != "__version__" for part in _thing(name, getattr(familyabm, name))
    ]
    further = [
        part for module, names in FURTHER.items() for name in names
        for part in _thing(f"{module}.{name}", getattr(import_module(module), name))
    ]  # fmt: skip
    page = text.page(
        "The Python interface",
        "The names of `familyabm` itself are few and are kept stable; what changes in them is in the changelog. Below them "
        "are the names that tutorials and examples use from its modules.",
        "## Public names", *public, "## From its modules", *further,
    )  # fmt: skip
    return {"api.md": page, "agents.md": _agents()}


def _agents() -> str:
    parts = [part for kind in agents.KINDS for part in _agent(kind)]
    return text.page(
        "Agents",
        "Agents as a Mesa user meets them. Each is a view of one row, made when somebody looks. Its state variables are "
        "those of its [table](state.md), read and never set. A model has a set of each kind, such as `model.families`.",
        *parts,
    )


def _agent(kind: type[Any]) -> list[str]:
    own = [name for name, value in vars(kind).items() if isinstance(value, property) and not name.startswith("_")]
    rows = [[f"`{name}`", text.cell(inspect.getdoc(getattr(kind, name)) or "")] for name in own]
    parts = [f"{text.target('agent', kind.__name__)}\n## {kind.__name__}", text.prose(inspect.getdoc(kind) or "")]
    parts.append(f"Rows of {text.link(f'`{kind.table}`', 'table', kind.table)}.")
    return [*parts, text.table(["Beside its state variables", "What it is"], rows)] if rows else parts


def _thing(name: str, value: Any) -> list[str]:
    head = f"{text.target('api', name)}\n### {name}"
    if not (inspect.isclass(value) or inspect.isroutine(value)):
        return [head, f"`{type(value).__name__}`. {_of_data(value)}"]
    parts = [head, f"```python\n{_signature(name, value)}\n```", text.prose(inspect.getdoc(value) or "")]
    if inspect.isclass(value) and not issubclass(value, Exception):
        rows = [
            [f"`{member}`", text.cell((inspect.getdoc(thing) or "").split("\n\n")[0])]
            for member, thing in _members(value)
        ]
        parts += [text.table(["Name", "What it is or does"], rows)] if rows else []
    return parts


def _of_data(value: Any) -> str:
    return text.plain(" ".join((inspect.getdoc(type(value)) or "").split("\n\n")[0].split()))


def _signature(name: str, value: Any) -> str:
    try:
        given = inspect.signature(value)
    except (TypeError, ValueError):
        return name
    shown = [_short(str(parameter)) for parameter in given.parameters.values()]
    inside = ", ".join(shown) if sum(map(len, shown)) < 80 else "\n    " + ",\n    ".join(shown) + ",\n"
    back = inspect.formatannotation(given.return_annotation)
    arrow = "" if inspect.isclass(value) or back == "inspect._empty" else f" -> {_short(back)}"
    return f"{name.removeprefix('familyabm.').rpartition('.')[2]}({inside}){arrow}"


def _short(annotation: str) -> str:
    """Return an annotation as it reads in the code, where names stand without their modules and functions by name."""
    annotation = re.sub(r"<function (\w+|<lambda>) at 0x\w+>", lambda found: found[1].strip("<>"), annotation)
    return re.sub(r"\b(?:\w+\.)+(?=[A-Z])", "", re.sub(r"(: |-> |^)'([^']*)'", r"\1\2", annotation))


def _members(kind: type[Any]) -> list[tuple[str, Any]]:
    return [
        (name, value) for name, value in vars(kind).items()
        if not name.startswith("_") and (isinstance(value, property) or callable(value) or hasattr(value, "func"))
    ]  # fmt: skip
