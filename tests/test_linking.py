"""How rules become programs: what the linker gives must be what Python gives, and what it cannot link is told."""

import pytest
from numba import config

from familyabm.compiled import rule

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="there is nothing to link without compilation")


@rule
def to_nought(n: int) -> int:
    return 0 if n <= 0 else 1 + to_nought(n - 1)


@rule
def there(n: int) -> int:
    return 0 if n <= 0 else back(n - 1)


@rule
def back(n: int) -> int:
    return there(n - 1)


def test_a_rule_may_call_itself():
    assert to_nought(3) == to_nought.py_func(3) == 3


def test_rules_that_call_one_another_in_a_ring_are_refused_in_a_sentence():
    with pytest.raises(
        TypeError, match=r"The rule \w+ is called by a rule that it calls, which cannot be; write a loop"
    ):
        there(3)
