"""How rules become programs: what Python calls is made into machine code once, with all the rules that it calls.

Numba by itself optimises and emits each rule together with all that it calls, and so the smallest rules hundreds of
times. Here a rule that another rule calls is only translated; the rule that Python calls is linked with those that it
reaches, and this one program is optimised, emitted and kept. Each rule is tidied by itself before it is linked: what
is not tidy looks too long to be put into its caller, and a week takes a quarter longer.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba import types
from numba.core import compiler, typing
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.dispatcher import _FunctionCompiler  # type: ignore[attr-defined]
from numba.core.registry import CPUDispatcher


class Program(JITCodeLibrary):  # type: ignore[misc]
    """A rule's code, what it calls and, once it is finished, all that it reaches."""

    def add_linking_library(self, library: Any) -> None:
        """Remember what the rule calls; other rules stay as they are, and what is no rule is finished, as ever."""
        if not isinstance(library, Program):
            library._ensure_finalized()
        self._linking_libraries.append(library)

    def finalize(self) -> None:
        """Link the rule with all that it reaches, optimise that and emit it.

        What it reaches is its own: programs that could find one another's rules by their names have crashed.
        """
        reached = self.reached()
        rules = [library for library in reached if isinstance(library, Program)]
        for each in rules:
            self._reload_init.update(each._reload_init)
        own = {function.name for function in self._final_module.functions if not function.is_declaration}
        if rules:
            self._final_module.link_in(_linked([each._final_module.clone() for each in rules]))
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in own:
                function.linkage = "internal"
        self._linking_libraries = [library for library in reached if not isinstance(library, Program)]
        super().finalize()

    def reached(self) -> list[Any]:
        """Return all that the rule calls, and that those rules call, each once."""
        found: dict[Any, None] = {}
        waiting = list(self._linking_libraries)
        while waiting:
            library = waiting.pop()
            if library not in found:
                found[library] = None
                waiting += library._linking_libraries if isinstance(library, Program) else []
        return list(found)


def _linked(modules: list[Any]) -> Any:
    """Link modules, two and two: LLVM goes through the whole of the one that another is linked into."""
    while len(modules) > 1:
        for one, other in zip(modules[::2], modules[1::2], strict=False):
            one.link_in(other)
        modules = modules[::2]
    return modules[0]


class _Compiler(compiler.Compiler):  # type: ignore[misc]
    """Numba's compiler, which writes into a program."""

    def __init__(self, typing_context: Any, target_context: Any, library: Any, *more: Any) -> None:
        """Begin an empty program."""
        super().__init__(typing_context, target_context, library, *more)
        self.state.library = Program(self.state.targetctx.codegen(), "rule")
        self.state.library.enable_object_caching()


class _Translator(_FunctionCompiler):  # type: ignore[misc]
    """Numba's compiler up to where machine code begins."""

    def _customize_flags(self, flags: Any) -> Any:
        flags.no_compile = True
        flags.no_cpython_wrapper = True
        return flags


def one_width(kind: Any) -> Any:
    """Return as what a rule takes an argument: whole numbers of any width, known beforehand or not, as of 64 bits."""
    kind = types.unliteral(kind)
    if isinstance(kind, types.IntEnumMember):
        kind = kind.dtype
    return types.int64 if isinstance(kind, types.Integer) and kind.bitwidth < types.int64.bitwidth else kind


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let Python seldom look for objects that nobody uses: a compiler makes many, and uses nearly all of them."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Rule(CPUDispatcher):  # type: ignore[misc]
    """A compiled rule: a program where Python calls it, and a part of its caller's where a rule does."""

    def __init__(self, py_func: Any, locals: Any = None, targetoptions: Any = None) -> None:
        """Prepare both; nothing is compiled before it is called.  The names are those that Numba copies it by."""
        super().__init__(py_func, locals or {}, targetoptions, _Compiler)
        self._translator = _Translator(py_func, self.targetdescr, self.targetoptions, self.locals, _Compiler)
        self._parts: dict[Any, Any] = {}
        self._translating: set[Any] = set()

    def compile(self, sig: Any) -> Any:
        """Return the machine code for such a call from Python: kept from before or made now."""
        with global_compiler_lock, _seldom_collected():
            return super().compile(sig)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Tell Numba how another rule calls this one with arguments of these types."""
        names, args = self._compiler.fold_argument_types(args, kws)
        signature = self._part(tuple(map(one_width, args))).signature
        name = self.py_func.__name__
        return typing.make_concrete_template(name, key=name, signatures=[signature]), names, args, {}

    def get_overload(self, sig: Any) -> Any:
        """Tell Numba by what it knows the part that these types belong to."""
        return self._parts[tuple(sig)].fndesc

    def _part(self, args: tuple[Any, ...]) -> Any:
        """Return the rule translated for arguments of these types."""
        if args in self._translating:
            name = self.py_func.__name__
            raise TypeError(f"The rule {name} is reached from itself when another rule calls it; write a loop.")
        if args not in self._parts:
            self._translating.add(args)
            try:
                part = self._translator.compile(args, None)
            finally:
                self._translating.discard(args)
            self.targetctx.insert_user_function(part.fndesc, part.fndesc, [part.library])
            self._parts[args] = part
        return self._parts[args]
