"""What is asked for, what was answered, and what may be answered. Pure functions over manifests and grants."""

from collections.abc import Collection, Sequence

from hothouse.apps.manifests import Manifest
from hothouse.apps.manifests.data import collection_problem
from hothouse.data.schemas import EVERYTHING, GrantState
from hothouse.database.connection import Document
from hothouse.kit.problems import FieldProblem


def wanted_of(manifest: Manifest | None, slugs: Collection[str]) -> list[str]:
    """Return the collections that a manifest asks for of the app that these slugs lead to."""
    wishes = manifest.data.read_from if manifest else []
    return list(dict.fromkeys(name for wish in wishes if wish.app in slugs for name in wish.collections))


def granted_by(grant: Document | None) -> list[str]:
    return list(grant["collections"]) if grant else []


def waiting_for(wanted: Sequence[str], grant: Document | None) -> list[str]:
    """Return what is asked for and was neither there when it was decided, nor is granted anyway."""
    if grant is None:
        return list(wanted)
    if EVERYTHING in grant["collections"]:
        return []
    settled = {*grant["considered"], *grant["collections"]}
    return [name for name in wanted if name not in settled]


def state_of(grant: Document | None) -> GrantState:
    state: GrantState = grant["state"] if grant else "asked"
    return state


def excess(
    collections: Sequence[str], wanted: Collection[str], granted: Collection[str], offered: Collection[str]
) -> list[FieldProblem]:
    """List what of `collections` may not be granted, for it is more than what is asked for or granted already.

    Who asks for `*` asks for what is offered, or for everything where nothing in particular is.
    """
    return [
        FieldProblem(pointer=f"/collections/{position}", message=problem)
        for position, name in enumerate(collections)
        if (problem := _problem(name, wanted, granted, offered))
    ]


def meant_by(collections: Sequence[str], granted: Collection[str], offered: Sequence[str]) -> list[str]:
    """Say which collections a decision names: `*` is what is offered now, or everything where nothing in particular is.

    Who was granted everything before is not given less by saying so again.
    """
    everything = list(offered) if offered and EVERYTHING not in granted else [EVERYTHING]
    named = [everything if name == EVERYTHING else [name] for name in collections]
    return list(dict.fromkeys(name for names in named for name in names))


def _problem(name: str, wanted: Collection[str], granted: Collection[str], offered: Collection[str]) -> str | None:
    if name in granted:
        return None
    if name in wanted or (EVERYTHING in wanted and name in offered):
        return None
    if name == EVERYTHING:
        return "The app does not ask for everything. Name the collections to grant."
    if EVERYTHING in granted or (EVERYTHING in wanted and not offered):
        return collection_problem(name)
    choice = dict.fromkeys([*granted, *wanted, *(offered if EVERYTHING in wanted else ())])
    listing = ", ".join(f'"{one}"' for one in choice if one != EVERYTHING)
    return f'"{name}" was not asked for. What can be granted: {listing or "nothing"}.'
