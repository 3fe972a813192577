"""Every number of the model. Import `DEFAULT`, vary it with `changed`, look one up in `REGISTER`."""

from familyabm.parameters import (
    care,
    change,
    children,
    door,
    environment,
    levers,
    need,
    outside,
    panels,
    partners,
    practice,
    resources,
    units,
)
from familyabm.parameters.register import GRADES, Group, Parameter, Parameters, changed

_MODULES = (
    need,
    children,
    door,
    partners,
    practice,
    units,
    panels,
    care,
    resources,
    change,
    environment,
    levers,
    outside,
)

REGISTER: dict[str, Parameter] = {
    address: parameter for group in Group.registered.values() for address, parameter in group.declared().items()
}
DEFAULT = Parameters({address: parameter.value for address, parameter in REGISTER.items()}, REGISTER)

__all__ = ["DEFAULT", "GRADES", "REGISTER", "Group", "Parameter", "Parameters", "changed"]
