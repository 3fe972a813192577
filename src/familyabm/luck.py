"""Luck with an address: every chance event draws from (seed, run, agent key, week, decision), never from a stream.

Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3") turns an
address into four words. A decision is numbered block * 4 + lane, so four decisions about one agent in one
week cost one call, and an extra agent, another order or a skipped decision changes nobody else's luck.
"""

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from familyabm.compiled import rule

WORD = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_STEP = 2.0**-32
HAND = 512
"""Agents who are dealt luck at a time where not all are: few enough for the words to stay in the nearest cache."""
TWO_PI = 2.0 * math.pi


class Block(IntEnum):
    """The decisions that chance takes part in, four to a block; the number is part of every address."""

    FAMILY_WEEK = 0
    ADULT_WEEK = 1
    CONTACT = 2
    SEEN_AT_DOOR = 3
    DOOR = 4
    DOOR_ANSWER = 5
    REFERRAL = 6
    ASSESSMENT = 7
    SEEN_AT_ASSESSMENT = 8
    CHILD_ASSESSED = 9
    ENQUIRY = 10
    CONFERENCE = 11
    CHILD_ENQUIRY = 12
    REVIEW = 13
    CHILD_REVIEW = 14
    EARLY_HELP = 15
    WORKER = 16
    WORKER_STARTS = 17
    HAND_OVER = 18
    COURT = 19
    CHILD_COURT = 20
    EDGE_OF_CARE = 21
    PLACEMENT = 22
    LEAVING_CARE = 23
    PARTNER = 24
    STEP_DOWN = 25
    HEARING = 26
    ABUSE_ONSET = 27
    ENCOUNTER = 28
    SHARED_AT_DOOR = 29
    SHARED_AT_DOOR_2 = 30
    SHARED_AT_ASSESSMENT = 31
    SHARED_AT_ASSESSMENT_2 = 32
    TREATMENT_ASKED = 60
    TREATMENT = 61
    TREATMENT_ENDS = 62
    PARTNER_AGENCY = 65
    ATTENDANCE = 66
    PANEL = 70
    PANEL_HEARS = 71
    FUNDERS = 72
    RIGHTS = 73
    RIGHTS_2 = 74
    COMPLAINT = 75
    COMPLAINT_STAGE = 76
    CHASE = 77
    SENT_UP = 78
    LEAD = 79
    ENVIRONMENT = 80
    INCIDENT = 81
    INCIDENT_REVIEW = 82
    INSPECTION = 83
    DIRECTIVE = 84
    RECOMMENDATION = 85
    BOARD = 86
    LEARNING = 87
    OUTCOMES = 90
    RISK_OUTSIDE = 91
    CARER = 92
    CARER_MATCH = 93
    UNIT = 100
    NEIGHBOURHOOD = 40
    FAMILY_TRAITS = 41
    FAMILY_TRAITS_2 = 42
    FAMILY_TRAITS_3 = 43
    CHILD_TRAITS = 44
    CHILD_TRAITS_2 = 45
    ADULT_TRAITS = 46
    SERVICE_TRAITS = 47
    WORKER_TRAITS = 48
    HOME_TRAITS = 49
    CATCHMENT = 50


@rule
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of Philox4x32-10 for a counter of four words and a key of two."""
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _32) ^ c1 ^ k0
        c1 = product_1 & WORD
        c2 = (product_0 >> _32) ^ c3 ^ k1
        c3 = product_0 & WORD
        k0 = (k0 + _WEYL_0) & WORD
        k1 = (k1 + _WEYL_1) & WORD
    return c0, c1, c2, c3


@rule
def four(fate: NDArray[np.uint64], key: np.uint64, week: int, block: int) -> tuple[float, float, float, float]:
    """Draw the four numbers strictly between 0 and 1 at one address.

    fate: (2,) the seed and the run.  key: the agent's own key.  week: may not be negative.
    block: a `Block`.  Returns four independent uniform numbers, each a multiple of 2**-32 plus half a step.
    """
    a, b, c, d = philox(key & WORD, key >> _32, np.uint64(week), np.uint64(block), fate[0], fate[1])
    return (
        (float(a) + 0.5) * _STEP,
        (float(b) + 0.5) * _STEP,
        (float(c) + 0.5) * _STEP,
        (float(d) + 0.5) * _STEP,
    )


@rule
def luck(fate: NDArray[np.uint64], key: np.uint64, week: int, block: int, lane: int) -> float:
    """Draw the one number at an address; `lane` (0 to 3) picks the decision within the block."""
    return four(fate, key, week, block)[lane]


@rule
def bell(first: float, second: float) -> float:
    """Turn two uniform numbers into one standard normal number (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(first)) * math.cos(TWO_PI * second)


@rule
def as_chance(word: np.uint32) -> float:
    """Turn a dealt 32-bit word into a number strictly between 0 and 1."""
    return (float(word) + 0.5) * _STEP


@rule
def deal(hand: NDArray[np.uint32], keys: NDArray[np.uint64], fate: NDArray[np.uint64], week: int, block: int) -> None:
    """Deal one block of a week's luck to every agent of a table at once, which is quicker than one by one.

    hand: (4 * agents,) words, overwritten, lane after lane.  keys: (agents,).  The numbers equal those that `four`
    gives at the same addresses; the rounds are written out here so that the compiler can take four agents at a time.
    """
    n, when, what, seed, run = len(keys), np.uint64(week), np.uint64(block), fate[0], fate[1]
    lane_0, lane_1, lane_2, lane_3 = hand[:n], hand[n : 2 * n], hand[2 * n : 3 * n], hand[3 * n :]
    for row in range(n):
        c0, c1, c2, c3 = keys[row] & WORD, keys[row] >> _32, when, what
        k0, k1 = seed, run
        for _ in range(10):
            product_0 = _MULTIPLIER_0 * (c0 & WORD)
            product_1 = _MULTIPLIER_1 * (c2 & WORD)
            c0, c1 = (product_1 >> _32) ^ c1 ^ k0, product_1 & WORD
            c2, c3 = (product_0 >> _32) ^ c3 ^ k1, product_0 & WORD
            k0 = (k0 + _WEYL_0) & WORD
            k1 = (k1 + _WEYL_1) & WORD
        lane_0[row] = c0
        lane_1[row] = c1
        lane_2[row] = c2
        lane_3[row] = c3


def fate_of(seed: int, run: int) -> NDArray[np.uint64]:
    """Return the (2,) Philox key of a seed and a run; run 0 is the past, which every run of a seed shares."""
    return np.array([seed, run], dtype=np.uint64)
