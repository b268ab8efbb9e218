"""What an app is, needs and declares: reading, judging, proposing and importing `manifest.json`."""

from hothouse.apps.manifests.diff import Change, canonical, compact, diff
from hothouse.apps.manifests.model import KINDS, SCHEMA_VERSION, Manifest
from hothouse.apps.manifests.problems import ManifestInvalid, load, parse, problems
from hothouse.apps.manifests.schema import json_schema
from hothouse.apps.manifests.sentences import Problem

__all__ = [
    "KINDS",
    "SCHEMA_VERSION",
    "Change",
    "Manifest",
    "ManifestInvalid",
    "Problem",
    "canonical",
    "compact",
    "diff",
    "json_schema",
    "load",
    "parse",
    "problems",
]
