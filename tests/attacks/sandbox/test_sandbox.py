"""Every attack of the attack app at every level: contained where the catalogue says so, and known gaps are gaps."""

import os
from collections.abc import Callable

import pytest

from .app.catalogue import ATTACKS, COLUMNS, DEFENCES, load
from .conftest import LEFTOVERS, LEVELS, Outcome

load()


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=list(ATTACKS))
def test_attack(attack, name: str, outcome_of: Callable[[str], Outcome]) -> None:
    outcome = outcome_of(name)
    if attack.is_contained(outcome.defences):
        assert attack.name in outcome.refused, f"got through: {outcome.succeeded[attack.name]}"
    elif not attack.unseen:
        assert attack.name in outcome.succeeded, f"proves nothing here: {outcome.refused[attack.name]}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can contain everything")
def test_nothing_gets_through_at_strong(outcome_of: Callable[[str], Outcome]) -> None:
    outcome = outcome_of("strong")
    missing = set(DEFENCES) - outcome.defences
    assert set(outcome.succeeded) <= {
        name for name, attack in ATTACKS.items() if not attack.is_contained(set(DEFENCES) - missing)
    }
    assert (outcome.level == "strong") == (not missing)


@pytest.mark.parametrize(
    ("name", "column"),
    [("good", "good")]
    + [(name, f"{name}, with root" if os.geteuid() == 0 else name) for name in ("container", "weak")],
)
def test_documentation_promises_no_more_than_there_is(
    name: str, column: str, outcome_of: Callable[[str], Outcome]
) -> None:
    assert COLUMNS[column] <= outcome_of(name).defences


def test_there_are_enough() -> None:
    assert len(ATTACKS) >= 80
    assert {name for name, attack in ATTACKS.items() if attack.group == "leftovers"} == set(LEFTOVERS)
    assert all(attack.is_contained(set(DEFENCES)) for attack in ATTACKS.values())
