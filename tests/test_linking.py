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


@rule
def beyond(n: int) -> int:
    return to_nought(n)


def test_a_rule_that_calls_itself_is_one_that_python_alone_may_call():
    assert to_nought(3) == to_nought.py_func(3) == 3
    with pytest.raises(
        TypeError, match="The rule to_nought is reached from itself when another rule calls it; write a"
    ):
        beyond(3)


def test_rules_that_call_one_another_in_a_ring_are_refused_in_a_sentence_each_time():
    for _ in range(2):
        with pytest.raises(TypeError, match=r"The rule \w+ is reached from itself"):
            there(3)
