"""The week, and a page of submodels for each of its processes, in the week's order."""

import inspect
import re

from familyabm import week
from familyabm.luck import Block
from tools.reference import code, text
from tools.reference.code import Module, Rule

SHARED = "shared"
_LAST_FIRST = ("first", "second", "third", "fourth")


def pages() -> dict[str, str]:
    """Return the page of the week, of each process, and of the rules that several processes use."""
    made = {"week.md": _week(), "submodels.md": _submodels(), "rules.md": _by_name()}
    for process, name, says, function in week.SCHEDULE:
        made[f"{_file(process)}.md"] = _process(process, name, says, function.__module__)
    made[f"rules-{SHARED}.md"] = _page_of(
        "Rules that several processes use",
        "These belong to no single process. They are called by the rules of many.",
        [module for module in code.modules() if not module.process],
    )
    made["making.md"] = _page_of(
        "How a town is made",
        "An authority's figures become a town of families, services and staff. The town then lives through a past of 17 "
        "years under services as they are, and every run branches from its end.",
        list(code.makers()),
    )
    return made


def _file(process: str) -> str:
    return f"rules-{process.lower()}"


def _week() -> str:
    rows = [
        [f"[{process}]({_file(process)}.md)", text.cell(name.capitalize()), text.cell(says), _shown(process)]
        for process, name, says, _ in week.SCHEDULE
    ]
    chance = [[f"{block.value}", text.words(block.name), _where(block)] for block in sorted(Block)]
    return text.page(
        "The week",
        "A run is a number of weeks, and a week is these twenty processes in this order. It is one list in the code, "
        "and this page is made from that list.",
        text.table(["Process", "Name", "What happens", "Its rules"], rows),
        "Within a process all agents read, then write, unless the process is a queue. Then priority, waiting time and "
        "key order it. Statutory clocks run in working days, five to a week. Stocks are measured at the end of the "
        f"week, flows over it. Rules that several processes use are [on a page of their own](rules-{SHARED}.md).",
        text.folded(
            "The list in the code", inspect.getsource(getattr(week.live_one_week, "py_func", week.live_one_week))
        ),
        "## Where chance comes in",
        "Every draw has an address: the seed, the run, the agent's key, the week and one of these decisions, four draws "
        "each. The same address gives the same number in every world, on every machine and in any order.",
        text.table(["Number", "Decision", "Drawn in"], chance),
    )


def _submodels() -> str:
    files = [_file(process) for process, *_ in week.SCHEDULE]
    n = sum(len(module.rules) for module in code.modules())
    toctree = "\n".join(["```{toctree}", ":maxdepth: 1", "", *files, f"rules-{SHARED}", "```"])
    return text.page(
        "Submodels",
        f"All {n} rules, process by process in the week's order. A rule is a short function about one agent. Each is told "
        "in words, with the numbers it reads, the events it records and where chance comes in; its code opens at a click "
        "and is the whole of it.",
        toctree,
    )


def _by_name() -> str:
    """Return the page that finds a rule by the name that it has in the code."""
    rules = sorted(((rule, module) for module in code.modules() for rule in module.rules), key=_named_first)
    rows = [
        [text.link(f"`{rule.name}`", "rule", rule.module, rule.name),
         f"{module.process or 'several'}, {text.words(module.name)}", text.cell(rule.says.split("\n\n")[0])]
        for rule, module in rules
    ]  # fmt: skip
    return text.page(
        "Rules by name",
        "For whoever met a name in the code, in an error or on another page. [The week](week.md) has them in the order "
        "in which they act.",
        text.table(["Name in the code", "Process, module", "What it does"], rows),
    )


def _named_first(pair: tuple[Rule, Module]) -> tuple[str, str]:
    return pair[0].name, pair[0].module


def _where(block: Block) -> str:
    rules = [rule for module in code.modules() for rule in module.rules if block.name in rule.blocks]
    return named(rules) or "[the making of a town](making.md)"


def _shown(process: str) -> str:
    n = sum(len(module.rules) for module in _modules(process))
    return f"{n} rule{'' if n == 1 else 's'}"


def _modules(process: str) -> list[Module]:
    """Return the modules of a process: the one it is named by first, then its parts in their order."""
    mine = [module for module in code.modules() if module.process == process]
    return sorted(mine, key=lambda module: _part(module.says))


def _part(says: str) -> int:
    head = says.split(":")[0]
    return next((place for place, word in enumerate(_LAST_FIRST, 1) if word in head), 0)


def _process(process: str, name: str, says: str, home: str) -> str:
    mine = sorted(_modules(process), key=lambda module: (not home.endswith(f".{module.name}"), _part(module.says)))
    return _page_of(
        f"{process}: {name}",
        f"{says[0].upper()}{says[1:]}. [The week](week.md) shows what comes before and after.",
        mine,
    )


def _page_of(title: str, opening: str, modules: list[Module]) -> str:
    parts = [part for module in modules for part in _of_module(module)]
    return text.page(title, opening, *parts)


def _of_module(module: Module) -> list[str]:
    head = [
        text.target("rules", module.name),
        f"## {text.words(module.name).capitalize()}",
        text.prose(_without_code(module.says)),
    ]
    return [f"{head[0]}\n{head[1]}", head[2], *(_of_rule(rule) for rule in module.rules)]


def _without_code(says: str) -> str:
    """Return what a module says without the process's code, which its page bears already."""
    said = re.sub(r"^P\d+(, [^:]*)?: ", "", says)
    return said[0].upper() + said[1:]


def _of_rule(rule: Rule) -> str:
    lines = [
        f"{text.target('rule', rule.module, rule.name)}\n### {text.words(rule.name).capitalize()}",
        text.prose(rule.says),
    ]
    told = [
        ("Numbers", ", ".join(text.link(address, "number", address) for address in rule.numbers)),
        ("Events", ", ".join(text.link(text.words(event), "event", event) for event in rule.events)),
        ("Chance", ", ".join(text.words(block) for block in rule.blocks)),
    ]
    said = [f"{what}: {which}." for what, which in told if which]
    return "\n\n".join([*lines, *([" ".join(said)] if said else []), text.folded("In code", rule.source)])


def named(rules: list[Rule]) -> str:
    """Return links to rules."""
    return ", ".join(text.link(f"{rule.module}.{rule.name}", "rule", rule.module, rule.name) for rule in rules)
