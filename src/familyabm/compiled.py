"""How rules are compiled: one decorator, one cache that can never serve yesterday's rules.

Numba checks only the file of the outermost function when it looks for cached machine code, so an edited rule
in another file would be served stale. The cache folder is therefore named by a hash of every file that
compiled code is made from.
"""

import hashlib
import os
import pkgutil
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import Any, TypeVar, cast

import llvmlite  # type: ignore[import-untyped]
import numba
from llvmlite import ir
from numba import config
from numba.core import cgutils
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array

from familyabm.linking import Rule

Function = TypeVar("Function", bound=Callable[..., Any])

LINE = 64
"""Bytes that a processor fetches at once."""
_PACKAGE = Path(__file__).parent
_READY = f"compiled-{hashlib.sha256(str(_PACKAGE).encode()).hexdigest()[:12]}"
"""Left in the cache once this installation's rules are compiled: Numba keeps machine code by its source's place."""
_DECLARED = re.compile(rb'^    (\w+ = (?:param\(|"\w+"))', re.MULTILINE)
"""A group's name or a parameter's: what compiled code takes from a module of numbers. Their values it is handed."""


def _hash_of_the_rules() -> str:
    """Return a short hash of all that compiled code comes from: sources, names of parameters, compilers and Python."""
    digest = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__} {sys.version}".encode())
    names = ("compiled", "journal", "linking", "luck", "newcomers", "town", "week")
    folders = ("codes", "rules", "tables")
    paths = [_PACKAGE / f"{name}.py" for name in names]
    paths += [path for folder in folders for path in sorted((_PACKAGE / folder).glob("*.py"))]
    for path in paths:
        digest.update(path.read_bytes())
    for path in sorted((_PACKAGE / "parameters").glob("*.py")):
        numbers = _DECLARED.findall(path.read_bytes())
        digest.update(b"\n".join(numbers) or path.read_bytes())
    return digest.hexdigest()[:16]


def _root() -> Path:
    """Return the folder for caches of this user: Numba's own setting if given, else the system's habit."""
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR)
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(given) if given else Path.home() / ".cache") / "familyabm"


@cache
def cache_folder() -> Path:
    """Return the folder of compiled rules, made if need be; a temporary one where the usual is read-only."""
    folder = _root() / _hash_of_the_rules()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "writable").touch()
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="familyabm-"))
    return folder


def compiled_before() -> bool:
    """Tell whether this machine has already compiled these very rules."""
    return bool(config.DISABLE_JIT) or (cache_folder() / _READY).exists()


def mark_compiled() -> None:
    """Remember that the rules have been compiled on this machine."""
    if not config.DISABLE_JIT:
        (cache_folder() / _READY).touch()


def rule(function: Function, **more: bool) -> Function:
    """Compile `function` to machine code, keeping Python's meaning of arithmetic (no fast maths).

    With NUMBA_DISABLE_JIT=1 the function is left as plain Python and gives the same results.  more: Numba's options.
    """
    if config.DISABLE_JIT:
        return function
    options = {"nopython": True, "nogil": True, "error_model": "python", "no_cfunc_wrapper": True} | more
    compiled = Rule(function, targetoptions=options)
    usual, config.CACHE_DIR = config.CACHE_DIR, str(cache_folder())
    try:
        compiled.enable_caching()
    finally:
        config.CACHE_DIR = usual
    return cast(Function, compiled)


def rule_within(function: Function) -> Function:
    """Compile a rule into the rules that call it: for the few that every awake family goes through every week."""
    return rule(function, forceinline=True)


def fetch(table: Any, row: int, lines: int) -> None:
    """Ask the processor to bring the first lines of a row into its cache, because rules will soon look at it.

    It changes nothing but the time that they take: tables larger than the cache are waited for otherwise. A row that
    is not there does no harm. lines: of 64 bytes, written as a number.
    """


@intrinsic(prefer_literal=True)  # type: ignore[untyped-decorator]
def _fetch(typing_context: Any, table: Any, row: Any, lines: Any) -> Any:
    """Compile `fetch` to one instruction a line, which plain Python neither has nor needs."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array = make_array(signature.args[0])(context, builder, given[0])
        first = builder.bitcast(array.data, cgutils.voidptr_t)
        place = builder.mul(context.cast(builder, given[1], row, numba.intp), array.itemsize)
        number, kinds = ir.IntType(32), [cgutils.voidptr_t, *[ir.IntType(32)] * 3]
        instruction = builder.module.declare_intrinsic(
            "llvm.prefetch", [cgutils.voidptr_t], ir.FunctionType(ir.VoidType(), kinds)
        )
        for line in range(lines.literal_value):
            address = builder.gep(first, [builder.add(place, cgutils.intp_t(LINE * line))])
            builder.call(instruction, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return numba.none(table, row, lines), generate


@overload(fetch, prefer_literal=True)  # type: ignore[untyped-decorator]
def _compiled_fetch(table: Any, row: Any, lines: Any) -> Any:
    """Tell Numba what `fetch` is in compiled code."""

    def ask(table: Any, row: Any, lines: Any) -> Any:
        return _fetch(table, row, lines)

    return ask


def as_python(*names: str, **instead: Callable[..., Any]) -> dict[str, SimpleNamespace]:
    """Return the rules of these modules as the plain Python that they are written in, which calls plain Python.

    names: modules and packages; rules of other modules stay compiled.  instead: what to call in place of a name.
    Returns the modules' names, by the last part of the name of the module.
    """
    spaces: dict[str, dict[str, Any]] = {}
    for module in map(import_module, names):
        inside = pkgutil.iter_modules(getattr(module, "__path__", []))
        for name in [module.__name__, *(f"{module.__name__}.{found.name}" for found in inside)]:
            spaces[name] = dict(vars(import_module(name)))
    made: dict[int, FunctionType] = {}
    for space in spaces.values():
        for key, value in space.items():
            function = getattr(value, "py_func", None)
            if function is not None and function.__module__ in spaces:
                plain = FunctionType(function.__code__, spaces[function.__module__], key, function.__defaults__)
                space[key] = made.setdefault(id(value), plain)
        space.update({key: value for key, value in instead.items() if key in space})
    return {name.rpartition(".")[2]: SimpleNamespace(**space) for name, space in spaces.items()}
