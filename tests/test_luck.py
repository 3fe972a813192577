"""Luck has an address: published vectors, uniformity and independence, each with a stated error rate.

Every statistical test here fails by chance less often than once in a million (its threshold says how).
"""

import numpy as np
import pytest
from scipy import stats

from familyabm.luck import WORD, Block, as_chance, bell, deal, fate_of, four, luck, philox

FALSE_ALARM = 1e-6

KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_its_published_known_answers(counter, key, words):
    drawn = philox(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in drawn) == words


def drawn(keys: np.ndarray, week: int, block: int, seed: int = 1, run: int = 1) -> np.ndarray:
    hand = np.zeros(4 * len(keys), np.uint32)
    deal(hand, keys, fate_of(seed, run), week, block)
    return (hand.reshape(4, -1).astype(float) + 0.5) / 2**32


def some_keys(n: int = 100_000) -> np.ndarray:
    return (np.uint64(1) << np.uint64(60)) | (np.arange(n, dtype=np.uint64) << np.uint64(20))


def test_dealt_luck_equals_luck_drawn_one_by_one():
    keys = some_keys(50)
    table = drawn(keys, 7, Block.CONTACT)
    for place, key in enumerate(keys):
        assert four(fate_of(1, 1), key, 7, Block.CONTACT) == tuple(table[:, place])
        assert luck(fate_of(1, 1), key, 7, Block.CONTACT, 2) == table[2, place]


def test_luck_is_strictly_between_0_and_1():
    assert 0.0 < as_chance(np.uint32(0)) < as_chance(np.uint32(2**32 - 1)) < 1.0


@pytest.mark.parametrize("lane", range(4))
def test_luck_is_uniform_over_agents(lane):
    counts = np.histogram(drawn(some_keys(), 3, Block.FAMILY_WEEK)[lane], bins=100, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > FALSE_ALARM


def test_luck_is_uniform_over_weeks_for_one_agent():
    weeks = np.array([luck(fate_of(5, 1), np.uint64(99), week, Block.DOOR, 0) for week in range(20_000)])
    assert stats.kstest(weeks, "uniform").pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    "other",
    [{"week": 4}, {"block": Block.ADULT_WEEK}, {"seed": 2}, {"run": 2}],
    ids=["week", "decision", "seed", "run"],
)
def test_luck_at_neighbouring_addresses_is_independent(other):
    ours = {"week": 3, "block": Block.FAMILY_WEEK, "seed": 1, "run": 1}
    one, two = drawn(some_keys(), **ours)[0], drawn(some_keys(), **(ours | other))[0]
    assert stats.pearsonr(one, two).pvalue > FALSE_ALARM
    table = np.histogram2d(one, two, bins=10)[0]
    assert stats.chi2_contingency(table).pvalue > FALSE_ALARM


def test_the_four_lanes_of_a_block_are_independent():
    lanes = drawn(some_keys(), 3, Block.FAMILY_WEEK)
    for one in range(4):
        for two in range(one):
            assert stats.pearsonr(lanes[one], lanes[two]).pvalue > FALSE_ALARM / 6


def test_neighbouring_agents_are_independent():
    one = drawn(some_keys(), 3, Block.FAMILY_WEEK)[0]
    assert stats.pearsonr(one[:-1], one[1:]).pvalue > FALSE_ALARM


def test_the_bell_is_standard_normal():
    lanes = drawn(some_keys(), 3, Block.DOOR)
    values = np.array([bell(a, b) for a, b in zip(lanes[0], lanes[1], strict=True)])
    assert stats.kstest(values, "norm").pvalue > FALSE_ALARM


def test_seed_0_is_a_seed_of_its_own():
    assert not np.array_equal(drawn(some_keys(10), 1, 0, seed=0), drawn(some_keys(10), 1, 0, seed=1))


def test_no_two_decisions_share_a_block():
    assert len({int(block) for block in Block}) == len(list(Block))
    assert int(WORD) == 2**32 - 1
