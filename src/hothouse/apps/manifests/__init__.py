"""What an app is, needs and declares: reading, judging, proposing and importing `manifest.json`."""

from hothouse.apps.manifests.diff import Change, canonical, compact, diff
from hothouse.apps.manifests.model import KINDS, SCHEMA_VERSION, Manifest
from hothouse.apps.manifests.problems import ManifestInvalid, load, parse, problems
from hothouse.apps.manifests.proposing.propose import propose
from hothouse.apps.manifests.proposing.report import Proposal, Remark
from hothouse.apps.manifests.reading import read_source, source_problems
from hothouse.apps.manifests.schema import json_schema
from hothouse.apps.manifests.sentences import Problem
from hothouse.apps.manifests.tree import SourceTree

__all__ = [
    "KINDS",
    "SCHEMA_VERSION",
    "Change",
    "Manifest",
    "ManifestInvalid",
    "Problem",
    "Proposal",
    "Remark",
    "SourceTree",
    "canonical",
    "compact",
    "diff",
    "json_schema",
    "load",
    "parse",
    "problems",
    "propose",
    "read_source",
    "source_problems",
]
