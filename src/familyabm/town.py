"""The town: all tables in one place, passed to compiled rules as a single address.

A tuple of forty arrays would be copied and counted at every call of a rule, which made the whole week many times
slower and its compilation minutes longer. Compiled code therefore receives one integer, the address of a
list of (address, rows), and reads `town.families` as a plain array from there. In plain Python the same
attribute is the array itself. The object must outlive the call, which a Python caller guarantees.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, typeof_impl, unbox
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from familyabm import tables
from familyabm.codes import Outside, Tally
from familyabm.parameters import Group
from familyabm.tables import CHANCES, Table, dtype_of

_F8, _F4, _U4, _U8, _I4 = (np.dtype(name) for name in ("f8", "f4", "u4", "u8", "i4"))

NUMBERS: dict[str, np.dtype[Any]] = {
    name: np.dtype([(address.partition(".")[2], "f8") for address in group.declared()], align=True)
    for name, group in Group.registered.items()
} | {"chances": dtype_of(CHANCES)}
"""The parameters as rules read them: one one-row table per group."""

LAYOUT: dict[str, tuple[np.dtype[Any], int]] = {
    "families": (dtype_of(tables.FAMILY), 0),
    "records": (dtype_of(tables.RECORD), 0),
    "adults": (dtype_of(tables.ADULT), 0),
    "children": (dtype_of(tables.CHILD), 0),
    "workers": (dtype_of(tables.WORKER), 0),
    "teams": (dtype_of(tables.TEAM), 0),
    "services": (dtype_of(tables.SERVICE), 0),
    "neighbourhoods": (dtype_of(tables.NEIGHBOURHOOD), 0),
    "carers": (dtype_of(tables.CARER), 0),
    "authority": (dtype_of(tables.AUTHORITY), 0),
    "facts": (dtype_of(tables.FACTS), 0),
    "money": (dtype_of(tables.MONEY), 0),
    "levers": (dtype_of(tables.LEVERS), 0),
    "policy": (dtype_of(tables.LEVERS), 0),
    "maturity": (dtype_of(tables.LEVERS), 0),
    "nudge": (dtype_of(tables.LEVERS), 0),
    "clocks": (dtype_of(tables.CLOCK), 0),
    "recommendations": (dtype_of(tables.RECOMMENDATION), 0),
    "incidents": (dtype_of(tables.INCIDENT), 0),
    "managers": (dtype_of(tables.MANAGER), 0),
    "support_units": (dtype_of(tables.SUPPORT_UNIT), 0),
    "weekly": (dtype_of(tables.WEEK), 0),
    "page": (dtype_of(tables.NOTE), 0),
    "tally": (_F4, len(Tally)),
    "shocks": (_F8, 4),
    "source_shocks": (_F8, 7),
    "outside": (_F8, len(Outside)),
    "luck": (_U8, 0),
    "births": (_U8, 0),
    "family_keys": (_U8, 0),
    "hand_keys": (_U8, 0),
    "family_hand": (_U4, 0),
    "hands": (_U4, 0),
    "limits": (dtype_of(tables.LIMITS), 0),
    "troubles": (dtype_of(tables.TROUBLE), 0),
    "awake": (_I4, 0),
    "known": (_I4, 0),
    "queue": (_I4, 0),
    "rank": (_F8, 0),
}
"""Each table's element type and number of columns (0 for one-dimensional)."""

_PLACES = {name: place for place, name in enumerate([*LAYOUT, *(f"p.{name}" for name in NUMBERS)])}


class Numbers(NamedTuple):
    """The groups of parameters, each a one-row table; see `NUMBERS` for their fields."""

    groups: dict[str, Table]

    def __getattr__(self, name: str) -> Table:
        """Return a group by its name."""
        try:
            return self.groups[name]
        except KeyError:
            raise AttributeError(name) from None


def fits(found: np.dtype[Any], kind: np.dtype[Any]) -> bool:
    """Tell whether a table's rows are laid out as compiled code expects."""
    return found is kind or (found.descr == kind.descr and found.itemsize == kind.itemsize)


class Town:
    """Everything a rule may read or write: the tables, the levers, the luck and the numbers."""

    def __init__(self, p: dict[str, Table], **given: np.ndarray[Any, Any]) -> None:
        """Gather the tables named in `LAYOUT` and the groups named in `NUMBERS`."""
        if set(given) != set(LAYOUT) or set(p) != set(NUMBERS):
            raise ValueError(f"tables {set(given) ^ set(LAYOUT)} or groups {set(p) ^ set(NUMBERS)} do not fit")
        self.given = {name: given[name] for name in LAYOUT}
        self.p = Numbers(p)
        arrays = [*self.given.values(), *(p[name] for name in NUMBERS)]
        kinds = [kind for kind, _ in LAYOUT.values()] + list(NUMBERS.values())
        for name, array, kind in zip(_PLACES, arrays, kinds, strict=True):
            if not (fits(array.dtype, kind) and array.flags.c_contiguous):
                raise ValueError(f"table {name} has dtype {array.dtype}, not {kind}, or is not contiguous")
        entries = [(array.ctypes.data, len(array)) for array in arrays]
        self._list = np.array(entries, dtype=np.int64)
        self.address = int(self._list.ctypes.data)

    def __getattr__(self, name: str) -> Any:
        """Return a table by its name."""
        given = self.__dict__.get("given", {})
        if name in given:
            return given[name]
        raise AttributeError(f"a town has no {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Be copied and pickled as its tables, of which the copy makes a list of its own."""
        return _town_of, (self.p.groups, self.given)

    def __copy__(self) -> NoReturn:
        """Refuse a copy that shares the tables: living the one would change the other."""
        raise TypeError("two towns cannot share their tables: copy.deepcopy copies those too")

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the tables."""
        return iter(self.given)


def _town_of(p: dict[str, Table], given: dict[str, Table]) -> Town:
    return Town(p, **given)


class TownType(types.Type):  # type: ignore[misc]
    """How compiled code sees a town: one address."""

    def __init__(self, name: str) -> None:
        """Name the type; the name is its identity."""
        super().__init__(name=name)


TOWN, TOWN_NUMBERS = TownType("Town"), TownType("Town.p")
_ARRAYS = {
    name: types.Array(from_dtype(kind), 2 if columns else 1, "C") for name, (kind, columns) in LAYOUT.items()
} | {f"p.{name}": types.Array(from_dtype(kind), 1, "C") for name, kind in NUMBERS.items()}


@typeof_impl.register(Town)  # type: ignore[untyped-decorator]
def _typeof_town(value: Town, context: Any) -> TownType:
    return TOWN


@register_model(TownType)
class _TownModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, fe_type: TownType) -> None:
        super().__init__(manager, fe_type, cgutils.intp_t)


@unbox(TownType)  # type: ignore[untyped-decorator]
def _unbox_town(typ: TownType, value: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(value, "address")
    native = (
        c.builder.trunc(c.pyapi.long_as_longlong(address), cgutils.intp_t)
        if cgutils.intp_t.width < 64
        else (c.pyapi.long_as_longlong(address))
    )
    c.pyapi.decref(address)
    return NativeValue(native, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _TownAttributes(AttributeTemplate):  # type: ignore[misc]
    key = TownType

    def generic_resolve(self, typ: TownType, attribute: str) -> Any:
        """Return the type of a table, of a group of numbers, or of all the numbers."""
        if typ.name == "Town":
            return TOWN_NUMBERS if attribute == "p" else _ARRAYS[attribute] if attribute in LAYOUT else None
        return _ARRAYS.get(f"p.{attribute}")


@lower_getattr_generic(TownType)  # type: ignore[untyped-decorator]
def _lower_town_attribute(context: Any, builder: Any, typ: TownType, value: Any, attribute: str) -> Any:
    """Read a table's address and rows off the list and make an array of them, uncounted."""
    if attribute == "p" and typ.name == "Town":
        return value
    name = attribute if typ.name == "Town" else f"p.{attribute}"
    array_type, place = _ARRAYS[name], _PLACES[name]
    listed = builder.inttoptr(value, cgutils.intp_t.as_pointer())
    address, rows = (builder.load(builder.gep(listed, [cgutils.intp_t(2 * place + part)])) for part in (0, 1))
    for load in (address, rows):  # a town's list never changes, so it need be read but once
        load.set_metadata("invariant.load", builder.module.add_metadata([]))
    itemsize = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
    columns = LAYOUT[name][1] if name in LAYOUT else 0
    shape = [rows, cgutils.intp_t(columns)] if columns else [rows]
    strides = [itemsize * columns, itemsize] if columns else [itemsize]
    array = make_array(array_type)(context, builder)
    data = builder.inttoptr(address, context.get_data_type(array_type.dtype).as_pointer())
    populate_array(
        array, data=data, shape=shape, strides=[cgutils.intp_t(s) for s in strides],
        itemsize=cgutils.intp_t(itemsize), meminfo=None,
    )  # fmt: skip
    return array._getvalue()
