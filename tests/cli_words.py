"""Words for every command of the command line, drawn from the command's own options and arguments, one of them spoilt."""

import random
from collections.abc import Iterator
from typing import Any

import typer.main

from familyabm import cli
from tests.hostile import VALUES

SPOILT = (
    *(value.decode("utf-8", "replace") for value in VALUES if b"\x00" not in value and len(value) < 6000),
    "x", "-5", "99999999999", "Wakefeld", "no-such-file.toml", "no-such-folder/no-such-file.csv", ".", "/proc/no-such-folder", "a=b=c", "harm.level_2=9",
)  # fmt: skip
"""What an option or an argument is given instead of what it takes. A command line holds no NUL, and few long words."""
Command = Any


def commands() -> Iterator[tuple[tuple[str, ...], Command]]:
    """Yield every command that does something, with the words that lead to it."""

    def below(words: tuple[str, ...], command: Command) -> Iterator[tuple[tuple[str, ...], Command]]:
        if not hasattr(command, "commands"):
            yield words, command
            return
        for name, inner in sorted(command.commands.items()):
            yield from below((*words, name), inner)

    yield from below((), typer.main.get_command(cli.app))


def words_for(path: tuple[str, ...], command: Command, chance: random.Random) -> list[str]:
    """Return a command with its arguments and some of its options, one of which cannot be used in most cases."""
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option" and param.name != "help"]
    words = [*path]
    spoilt = chance.choice([*arguments, *options, None])
    for param in arguments:
        if param is spoilt or param.required:
            words.append(chance.choice(SPOILT) if param is spoilt else "Wakefield")
    taken = chance.sample(options, min(len(options), chance.randrange(3)))
    for param in [*taken, *([spoilt] if spoilt in options and spoilt not in taken else [])]:
        words += _option(param, param is spoilt, chance)
    if spoilt is None:
        words.insert(chance.randrange(len(path), len(words) + 1), _no_option(options, chance))
    return words


def _option(param: Any, spoilt: bool, chance: random.Random) -> list[str]:
    name = chance.choice(param.opts)
    if param.is_flag:
        return [name + chance.choice(("=x", "=", "s")) if spoilt else name]
    value = chance.choice(SPOILT) if spoilt else _usual(param, chance)
    return chance.choice(([name, value], [f"{name}={value}"], [name] if spoilt else [name, value]))


def _usual(param: Any, chance: random.Random) -> str:
    """Return a value of the option's kind, which the command may or may not accept."""
    if isinstance(param.default, float):
        return chance.choice(("0.01", "0.5"))
    return str(param.default) if isinstance(param.default, str) and param.default else chance.choice(("1", "2", "10"))


def _no_option(options: list[Any], chance: random.Random) -> str:
    """Return the name of an option that is none, or one word too many."""
    known = [opt for param in options for opt in param.opts] or ["--x"]
    name = chance.choice(known)
    return chance.choice((name[:-1] + "zz", f"{name}-x", "--", "-q", "--no-such", "one word too many"))
