from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from langmem_server.store.records import Dispatch
from langmem_server.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of a lane all runs are of one tenant and one user.
LANES = [
    (tenant, user, f"{tenant} {user} {function}")
    for tenant in "AB"
    for user in ("ann", "bob")
    for function in "xyz"
]


def items(lanes: Iterable[tuple[str, str, str]]) -> list[Dispatch]:
    """Make a run for each of some lanes."""
    return [
        Dispatch(tenant, str(number), lane, 1, user)
        for number, (tenant, user, lane) in enumerate(lanes)
    ]


def let_out(turns: Turns, *, several_tenants: bool = False) -> list[Dispatch]:
    """Let out all that may go."""
    out = []
    while (item := turns.next(several_tenants=several_tenants)) is not None:
        out.append(item)
    return out


@given(st.lists(st.sampled_from(LANES), max_size=40), st.integers(1, 8), st.booleans(), st.data())
def test_every_run_has_its_turn_and_nobody_takes_all(
    lanes: list[tuple[str, str, str]], places: int, several: bool, data: st.DataObject
) -> None:
    """Each run goes once, of a lane one at a time and in order, and never more than a share."""
    turns = Turns(places)
    todo = items(lanes)
    for item in todo:
        turns.add(item)
    out: dict[str, Dispatch] = {}
    gone: list[Dispatch] = []
    share = max(1, places // 2)
    while len(gone) < len(todo):
        for item in let_out(turns, several_tenants=several):
            assert item.lane not in out
            out[item.lane] = item
        assert 0 < len(out) <= places
        assert max(Counter((i.tenant, i.subject) for i in out.values()).values()) <= share
        if several:
            assert max(Counter(item.tenant for item in out.values()).values()) <= share
        lane = data.draw(st.sampled_from(sorted(out)))
        fate = data.draw(st.sampled_from(["done", "not begun", "enqueued in vain"]))
        if fate == "done":
            assert turns.begin(lane)
            gone.append(out.pop(lane))
            turns.end(lane)
        elif fate == "not begun":
            turns.take_back()
            out.clear()
        else:
            turns.put_back(out.pop(lane))
    assert let_out(turns) == []
    assert sorted(gone) == sorted(todo)


def test_the_runs_of_a_lane_keep_their_order() -> None:
    """What was added first goes first, and the next only when it has ended."""
    turns = Turns(8)
    first, second = items([LANES[0]] * 2)
    turns.add(first)
    turns.add(second)
    assert let_out(turns) == [first]
    turns.end(first.lane)
    assert let_out(turns) == [second]


def test_tenants_and_users_take_turns() -> None:
    """Whoever came with a hundred runs does not go before one who comes with one."""
    turns = Turns(4)
    many = [("A", f"user {number}", f"lane {number}") for number in range(100)]
    for item in items([*many, ("B", "bob", "lane of Bob")]):
        turns.add(item)
    assert [item.tenant for item in let_out(turns)] == ["A", "B", "A", "A"]


def test_a_tenant_leaves_places_where_there_are_others() -> None:
    """One tenant alone may have all places, of several none."""
    many = items(("A", f"user {number}", f"lane {number}") for number in range(9))
    for several, expected in ((False, 8), (True, 4)):
        turns = Turns(8)
        for item in many:
            turns.add(item)
        assert len(let_out(turns, several_tenants=several)) == expected


def test_what_is_suspected_goes_alone() -> None:
    """Of the runs that may have killed the service only one is at work at a time."""
    turns = Turns(8)
    suspects = [item._replace(subject=None) for item in items(LANES)]
    for item in suspects:
        turns.add(item)
    went: Counter[str] = Counter()
    for _ in suspects:
        [item] = let_out(turns)
        went[item.lane] += 1
        turns.end(item.lane)
    assert set(went.values()) == {1}


def test_who_repeats_itself_is_not_heard() -> None:
    """A run that was let out is begun once, whatever else knocks at its lane."""
    turns = Turns(8)
    [item] = items(LANES[:1])
    turns.add(item)
    assert not turns.begin(item.lane)
    let_out(turns)
    assert turns.overdue(since=time.monotonic() + 1)
    assert not turns.overdue(since=time.monotonic() - 1)
    assert [turns.begin(item.lane) for _ in range(2)] == [True, False]
    assert not turns.overdue(since=time.monotonic() + 1)
    turns.end(item.lane)
    turns.end(item.lane)
    assert not turns.begin(item.lane)
