"""Writing fitted values into the register's own files: for developers, and only when asked."""

import re
from collections.abc import Mapping
from pathlib import Path

import familyabm
from familyabm.errors import InputError
from familyabm.parameters import REGISTER
from familyabm.parameters.register import Group

_VALUE = r"(?m)^(    {name} = param\()([^,]+)(,)"


def rewrite(changes: Mapping[str, float]) -> list[Path]:
    """Put new values where their parameters are declared, each checked against its range; return the files changed.

    Raises InputError, with nothing written, if a declaration is not found once.
    """
    texts: dict[Path, str] = {}
    for address, value in changes.items():
        group, _, name = address.partition(".")
        path = _home(group)
        text = texts.get(path) or path.read_text(encoding="utf-8")
        texts[path] = _replaced(text, group, name, REGISTER[address].check(value), address)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _home(group: str) -> Path:
    module = Group.registered[group].__module__.rpartition(".")[2]
    return Path(familyabm.__file__).parent / "parameters" / f"{module}.py"


def _replaced(text: str, group: str, name: str, value: float, address: str) -> str:
    start = text.find(f'    name = "{group}"')
    end = text.find("\nclass ", start)
    body = text[start : end if end > 0 else len(text)]
    new, found = re.subn(_VALUE.format(name=re.escape(name)), rf"\g<1>{value:.6g}\g<3>", body)
    if start < 0 or found != 1:
        raise InputError(f"{address} is not declared once in the register's files; nothing was written.")
    return text[:start] + new + text[start + len(body) :]
