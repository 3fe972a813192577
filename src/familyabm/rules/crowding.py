"""P14: how crowded the family court is, which hears many areas."""

from familyabm.codes import Outside
from familyabm.compiled import rule
from familyabm.rules.outside import outside_now
from familyabm.town import Town


@rule
def remember(town: Town) -> None:
    """A court hears many areas, so that what one brings weighs as over two years; its past makes it fit that."""
    authority, p = town.authority[0], town.p.court[0]
    authority.court_usual += p.memory * (authority.in_court - authority.court_usual)
    if authority.raids == 0:
        authority.court_fits += p.fits * (authority.in_court - authority.court_fits)


@rule
def crowding(town: Town) -> float:
    """Return the families before the court to those that it can hear, with a few of other areas, who come as usual."""
    authority, p = town.authority[0], town.p.court[0]
    places = p.headroom * (authority.court_fits + p.others) * outside_now(town, Outside.COURT_PLACES)
    return (authority.court_usual + p.others) / places
