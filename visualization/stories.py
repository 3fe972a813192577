"""One family's two lives, read from the kept journals: chosen by a rule, told in reports' words, drawn as lanes."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from familyabm import worlds
from familyabm.codes import Agency, Event
from familyabm.report import lanes, story, words
from familyabm.report.figures import Grid

from . import record
from .jobs import Job
from .record import ARRIVED, BACK, NOBODY, SERVICES, UNHELPED
from .watch import meta_of, record_of

CHOICES = {
    "typical": "A typical family",
    "less": "A big difference: less work in world B",
    "more": "Worse off: more work in world B",
    "same": "No difference",
    "random": "At random",
}
"""Ways of choosing a family, the fairest first."""
NEW = "This family came to the area after the years began."
SERVICES_SEEN = 30
"""Lines shown of what one service saw."""


@dataclass(frozen=True)
class Told:
    """A family's two lives, as the page shows them."""

    number: int
    key: int
    chosen: str
    who: str
    standing: str
    unusual: bool
    parting: str
    lives: dict[str, list[tuple[str, str]]]
    pictures: dict[str, Markup]
    totals: Grid
    ties: Grid
    seen: list[tuple[str, dict[str, list[tuple[str, str]]]]]


@lru_cache(maxsize=4)
def _journals(folder: Path, changed: float) -> dict[str, NDArray[np.void]]:
    return {letter: record.journal_of(folder / f"journal-{letter.lower()}.npz") for letter in "AB"}


def journals(job: Job) -> dict[str, NDArray[np.void]]:
    """Return the journals of both worlds; the last few are kept in memory."""
    return _journals(job.folder, (job.folder / "journal-b.npz").stat().st_mtime)


def features(job: Job) -> pd.DataFrame:
    """Return one row for each family that social care heard about: contacts and hours of demand in both worlds.

    Index: the family's key.  Columns: contacts_a, hours_a, hours_b, less (hours saved in world B), home.
    """
    return _features(job.folder, (job.folder / "journal-b.npz").stat().st_mtime, job)


@lru_cache(maxsize=4)
def _features(folder: Path, changed: float, job: Job) -> pd.DataFrame:
    homes = {int(key): row for key, row in meta_of(job)["homes_of"].items()}
    parts = {}
    for letter, rows in journals(job).items():
        frame = pd.DataFrame({name: rows[name] for name in ("family", "event", "hours")})
        frame = frame[frame["family"] != 0]
        grouped = frame.groupby("family")
        parts[f"hours_{letter.lower()}"] = grouped["hours"].sum()
        parts[f"contacts_{letter.lower()}"] = frame[frame["event"] == int(Event.CONTACT)].groupby("family").size()
    whole = pd.DataFrame(parts).fillna(0.0)
    whole = whole[(whole["contacts_a"] > 0) | (whole["contacts_b"] > 0)]
    whole["less"] = whole["hours_a"] - whole["hours_b"]
    whole["home"] = [homes.get(int(key), -1) for key in whole.index]
    return whole[whole["home"] >= 0].sort_index()


def choose(found: pd.DataFrame, how: str, number: int) -> tuple[int, str] | None:
    """Return a family's key and how it was chosen; None if there is none of that kind.

    number: a home, from 1, if one was asked for; 0 otherwise.
    """
    if number:
        here = found[found["home"] == number - 1]
        return (_most(here["hours_a"]), "You asked for it by number.") if len(here) else None
    n = words.count(len(found), "family", "families")
    if how == "less" and (found["less"] > 0.0).any():
        return _most(found["less"]), f"Of {n} that social care heard about, its work falls most in world B."
    if how == "more" and (found["less"] < 0.0).any():
        return _most(-found["less"]), f"Of {n} that social care heard about, its work rises most in world B."
    if how == "same" and (found["less"] == 0.0).any():
        alike = found[found["less"] == 0.0]
        said = f"It makes as much work in both worlds, and had the most contacts of {len(alike):,} such."
        return _most(alike["contacts_a"]), said
    if how == "typical" and len(found):
        return _typical(found, n)
    return None


def _most(values: "pd.Series[Any]") -> int:
    """Return the key of the family with the largest value, the first of them."""
    return int(values.index[int(values.argmax())])


def _typical(found: pd.DataFrame, n: str) -> tuple[int, str]:
    """Return the family nearest the middle in contacts, hours of demand and the difference between the worlds.

    The middle is that of the families whose lives differ: where most are alike, that of all says nothing of the rest.
    """
    apart = found[found["less"] != 0.0]
    ranks = (apart if len(apart) else found)[["contacts_a", "hours_a", "less"]].rank(pct=True, method="average")
    far = ((ranks - ranks.median()) ** 2).sum(axis=1)
    return _most(-far), (
        f"Of {n} that social care heard about, it lies nearest the middle in contacts, hours of work and how much "
        "the worlds differ; families whose work is the same in both are left aside."
    )


def tell(job: Job, key: int, chosen: str) -> Told:
    """Tell one family's two lives."""
    both, found, meta = journals(job), features(job), meta_of(job)
    home = int(found["home"].loc[key])
    parting = worlds.part(both["A"], both["B"], key)  # type: ignore[arg-type]
    lives = {name: story.life_of(rows, key) for name, rows in both.items()}
    said = "Both lives are the same in every event." if parting is None else story.in_words(parting, lives)
    standing, unusual = _standing(found, key)
    return Told(
        number=home + 1, key=key, chosen=chosen, who=_who(job, key), standing=standing,
        unusual=unusual, parting=said,
        lives={name: list(story.lines_of(life)) for name, life in lives.items()},
        pictures=_pictures(job, both, key, home, meta["weeks"]),
        totals=story.totals_of(lives),
        ties=story.ties_of({name: story.touched_in(life) for name, life in lives.items()}),
        seen=_seen(lives),
    )  # fmt: skip


def _who(job: Job, key: int) -> str:
    found: dict[str, str] = json.loads(job.text("people.json"))
    return found.get(str(key), NEW)


def _standing(found: pd.DataFrame, key: int) -> tuple[str, bool]:
    """Say where a family stands among all, and whether it is far out."""
    less = found["less"]
    own = float(less.loc[key])
    below = 100.0 * float((less < own).mean())
    above = 100.0 * float((less > own).mean())
    fell, same, rose = (f"{100.0 * float(of.mean()):.0f}" for of in (less > 0.0, less == 0.0, less < 0.0))
    size = f"{words.number(abs(own))} hours {'less' if own > 0.0 else 'more'} work in world B"
    said = (
        f"It makes {size if own else 'as much work in both worlds'}. Of 100 families that social care heard about, "
        f"{same} make as much work in both worlds, {fell} less in world B and {rose} more; "
        f"{above:.0f} come out better than this one in world B."
    )
    return said, min(below, above) < 5.0 and own != 0.0


def _pictures(job: Job, both: dict[str, NDArray[np.void]], key: int, home: int, weeks: int) -> dict[str, Markup]:
    touches = {
        name: record.touches_in(rows[rows["family"] == np.uint64(key)], {key: home}) for name, rows in both.items()
    }
    met = sorted({int(place) for found in touches.values() for place in found["service"]})
    names = [list(SERVICES.values())[place] for place in met]
    drawn = {}
    for name, found in touches.items():
        marks = [lanes.Mark(met.index(int(one["service"])), int(one["week"]), _kind(one)) for one in found]
        states = record_of(job, name.lower()).states
        own = states[states["row"] == home]
        steps = [(int(one["week"]), min(2, int(one["state"]) & 3)) for one in own]
        drawn[name] = Markup(lanes.picture(names, marks, steps, weeks, name))
    return drawn


def _kind(one: Any) -> int:
    marks = int(one["marks"])
    if marks & UNHELPED:
        return lanes.UNHELPED
    if marks & ARRIVED:
        return lanes.BACK if marks & BACK else lanes.NEW
    return lanes.PASSED if int(one["by"]) != NOBODY else lanes.OTHER


def _seen(lives: dict[str, pd.DataFrame]) -> list[tuple[str, dict[str, list[tuple[str, str]]]]]:
    """Return what each service saw of the family, in both worlds; social care hears of every contact."""
    found = []
    for agency, name in SERVICES.items():
        own = {world: life[_of(life, agency)] for world, life in lives.items()}
        told = {world: list(story.lines_of(life))[:SERVICES_SEEN] for world, life in own.items()}
        if any(told.values()):
            found.append((name, told))
    return found


def _of(life: pd.DataFrame, agency: Agency) -> "pd.Series[bool]":
    own = life["agency"] == int(agency)
    return own | (life["event"] == int(Event.CONTACT)) if agency == Agency.SOCIAL_CARE else own
