from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.fates import Fate, Plan


@given(
    requests=st.lists(st.binary(max_size=3), max_size=30),
    seed=st.integers(),
    trouble=st.floats(0, 1),
    shuffle=st.randoms(use_true_random=False),
)
def test_a_plan_does_not_depend_on_the_order(
    requests: list[bytes], seed: int, trouble: float, shuffle: object
) -> None:
    """Whatever order threads send in, each request meets the fates its seed has for it."""
    first, second = Plan(seed, trouble), Plan(seed, trouble)
    drawn = sorted((request, str(first.draw(request))) for request in requests)
    shuffle.shuffle(requests)  # type: ignore[attr-defined]  # hypothesis's Random
    assert sorted((request, str(second.draw(request))) for request in requests) == drawn
    assert first.drawn == second.drawn


def test_a_share_of_the_requests_meets_trouble() -> None:
    """Nothing happens at 0, always something at 1, and each kind about as often as the others."""
    calm, stormy = Plan(1, 0.0), Plan(1, 1.0)
    for number in range(800):
        assert calm.draw(b"%d" % number).fate is Fate.PASSED
        stormy.draw(b"%d" % number)
    assert stormy.drawn[Fate.PASSED] == 0
    assert all(60 < count < 140 for count in stormy.drawn.values())
