"""The one way to learn about a source: its manifest, or else an imported or proposed one."""

from hothouse.apps.manifests.checks import tree_problems
from hothouse.apps.manifests.importing import import_legacy, is_legacy
from hothouse.apps.manifests.problems import ManifestInvalid, load, parse
from hothouse.apps.manifests.proposing.propose import propose
from hothouse.apps.manifests.proposing.report import Proposal
from hothouse.apps.manifests.sentences import Problem
from hothouse.apps.manifests.tree import MANIFEST_FILE, SourceTree


def read_source(tree: SourceTree) -> Proposal:
    """Read the manifest of a source and judge it against its files; import or propose one where there is none.

    Never raises for what the source holds: everything wrong is in `problems`.
    """
    content = tree.read(MANIFEST_FILE)
    if content is None and tree.has(MANIFEST_FILE):
        return Proposal(
            None, "manifest", problems=(Problem("", "manifest.json cannot be read; it is larger than 1 MiB."),)
        )
    try:
        data = load(content) if content is not None else None
    except ManifestInvalid as error:
        return Proposal(None, "manifest", problems=error.problems)
    if is_legacy(data, tree):
        return _judged(import_legacy(data, tree), tree)
    if content is None:
        return _judged(propose(tree), tree)
    if not isinstance(data, dict):
        return Proposal(None, "manifest", problems=(Problem("", "A manifest is a JSON object, {…}."),))
    return _judged(Proposal(data, "manifest"), tree)


def source_problems(data: object, tree: SourceTree) -> list[Problem]:
    """List everything wrong with manifest data for this source; empty when it can be deployed."""
    try:
        manifest = parse(data)
    except ManifestInvalid as error:
        return list(error.problems)
    return tree_problems(manifest, tree)


def _judged(proposal: Proposal, tree: SourceTree) -> Proposal:
    if proposal.manifest is None:
        return proposal
    found = source_problems(proposal.manifest, tree)
    return Proposal(proposal.manifest, proposal.origin, proposal.report, tuple(found))
