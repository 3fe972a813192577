"""Every number of the model: default, unit, range, evidence, source, meaning and the rules that read it."""

import importlib
import inspect
from collections import Counter

from familyabm import parameters
from familyabm.parameters import GRADES, REGISTER, Group, Parameter
from tools.reference import code, text
from tools.reference.week import named


def pages() -> dict[str, str]:
    """Return an overview of the numbers, and a page for each module that declares some."""
    modules = list(dict.fromkeys(group.__module__ for group in Group.registered.values()))
    return {"parameters.md": _overview(modules)} | {_file(module): _module(module) for module in modules}


def _short(module: str) -> str:
    return module.removeprefix(f"{parameters.__name__}.")


def _file(module: str) -> str:
    return f"parameters-{_short(module)}.md"


def _says(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split())


def _groups(module: str) -> list[type[Group]]:
    return [group for group in Group.registered.values() if group.__module__ == module]


def _overview(modules: list[str]) -> str:
    grades = Counter(parameter.grade for parameter in REGISTER.values())
    rows = [
        [f"[{text.words(_short(module)).capitalize()}]({_file(module)})", text.cell(_says(importlib.import_module(module))),
         f"{sum(len(group.declared()) for group in _groups(module))}"]
        for module in modules
    ]  # fmt: skip
    return text.page(
        "Parameters",
        f"The model has {len(REGISTER):,} numbers. Each is declared once, with a default, a unit, a range of what is "
        "plausible, a grade of evidence and a source. The default, the sliders, the bounds of a sensitivity analysis, "
        "the priors of calibration and these pages all read that one declaration.",
        text.table(
            ["Grade", "What it rests on", "Numbers"],
            [[grade, says, f"{grades[grade]:,}"] for grade, says in GRADES.items()],
        ),
        f"{grades['D'] / len(REGISTER):.0%} are expert judgement. That is why no result is a forecast, and why "
        "`familyabm compare --ensemble 20` shows how far other plausible settings would change an answer.",
        text.table(["Page", "What its numbers say", "Numbers"], rows),
        "Any of them is changed with `--set group.parameter=value`, or in Python with `changed(DEFAULT, {...})`. "
        "A value outside its range is refused.",
        "\n".join(["```{toctree}", ":hidden:", "", *(_file(module).removesuffix(".md") for module in modules), "```"]),
    )


def _module(module: str) -> str:
    parts = [part for group in _groups(module) for part in _group(group)]
    return text.page(f"Parameters: {text.words(_short(module))}", _says(importlib.import_module(module)), *parts)


def _group(group: type[Group]) -> list[str]:
    rows = [_row(parameter) for parameter in group.declared().values()]
    heading = f"{text.target('numbers', group.name)}\n## {group.name}"
    return [heading, text.prose(_says(group)), text.table(["Number", "Default", "Range", "Evidence", "Read by"], rows)]


def _row(parameter: Parameter) -> list[str]:
    name = text.marked(f"`{parameter.address}`", "number", parameter.address)
    lever = f" Effect of the lever {text.words(parameter.lever)}." if parameter.lever else ""
    return [
        f"{name} {text.cell(parameter.meaning)}.{lever}",
        f"{parameter.value:g} {text.cell(parameter.unit)}",
        f"{parameter.low:g} to {parameter.high:g}",
        f"{parameter.grade}: {text.cell(parameter.source)}",
        _readers(parameter.address),
    ]


def _readers(address: str) -> str:
    rules = named(code.readers().get(address, []))
    others = ", ".join(f"`{name}`" for name in code.elsewhere().get(address, []))
    return ", ".join(part for part in (rules, others) if part) or "[the making of a town](making.md)"
