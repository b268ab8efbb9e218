"""Experiments of the older g.nome layout are recognised and mapped, with a report of every step."""

import json

import pytest

from hothouse.apps.manifests import SourceTree, compact, parse, read_source

OLD = {
    "slug": "click_tracker",
    "name": "Click Tracker",
    "description": "Counts clicks.",
    "status": "active",
    "auth_required": True,
    "auth_policy": {"provider": "casbin", "required": True, "allow_anonymous": False},
    "data_scope": ["self", "stats_dashboard"],
    "managed_indexes": {
        "clicks": [
            {
                "name": "by_time",
                "type": "regular",
                "keys": {"at": -1},
                "options": {"unique": False, "background": True},
            },
            {"name": "expiry", "type": "ttl", "keys": [["at", 1]], "options": {"expireAfterSeconds": 60}},
            {"name": "words", "type": "text", "keys": {"t": "text"}, "options": {"language_override": "l"}},
            {"name": "vectors", "type": "vectorSearch", "definition": {"fields": []}},
            {"name": "broken", "type": "regular"},
        ]
    },
    "collection_settings": {"clicks": {"capped": True, "size": 1000}},
    "runtime_pip_deps": ["pandas>=2", "-r other.txt"],
    "developer_id": "ada@example.org",
    "runtime_s3_uri": "s3://bucket/x.zip",
    "custom": 1,
}
FILES = {
    "__init__.py": "from fastapi import APIRouter\nbp = APIRouter()\n",
    "actor.py": "class ExperimentActor: ...\n",
    "templates/index.html": "<p>",
    "requirements.txt": "pymongo\n",
}


@pytest.fixture
def imported(tmp_path):
    def write(data, files=FILES):
        content = files if data is None else files | {"manifest.json": json.dumps(data)}
        for path, text in content.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return read_source(SourceTree(tmp_path, "click_tracker"))

    return write


def said(proposal):
    return {(remark.level, remark.pointer): remark.message for remark in proposal.report}


class TestImport:
    def test_everything(self, imported):
        proposal = imported(OLD)
        assert proposal.origin == "imported"
        assert proposal.problems == ()
        manifest = parse(proposal.manifest)
        assert compact(manifest) | {"data": None} == {
            "schema_version": "1",
            "slug": "click-tracker",
            "name": "Click Tracker",
            "description": "Counts clicks.",
            "kind": "experiment",
            "entry": "hothouse_sdk.legacy:app",
            "requirements": "requirements.txt",
            "packages": ["pandas>=2"],
            "data": None,
        }
        assert compact(manifest)["data"] == {
            "read_from": [{"app": "stats-dashboard", "collections": ["*"]}],
            "indexes": {
                "clicks": [
                    {"name": "by_time", "keys": {"at": -1}},
                    {"name": "expiry", "keys": {"at": 1}, "expire_after_seconds": 60},
                    {"name": "words", "keys": {"t": "text"}},
                    {"name": "vectors", "type": "vectorSearch", "definition": {"fields": []}},
                ]
            },
        }

    def test_report_covers_every_old_field(self, imported):
        report = said(imported(OLD))
        assert "click_tracker" in report["changed", "/slug"]
        assert "signed in" in report["mapped", "/access"]
        assert "provider" in report["dropped", "/access"]
        assert "stats-dashboard" in report["mapped", "/data/read_from"]
        assert "-r other.txt" in report["dropped", "/packages"]
        assert "clicks" in report["dropped", "/data"]
        messages = " ".join(remark.message for remark in imported(OLD).report)
        for field in ("Status", "developer_id", "runtime_s3_uri", "custom", "language_override", "needs"):
            assert field in messages

    def test_rules_that_are_lost_never_open_an_app(self, imported):
        policy = {"required": False, "authorization": {"roles": ["x"]}}
        assert parse(imported(OLD | {"auth_policy": policy}).manifest).access == "private"

    @pytest.mark.parametrize(
        ("fields", "access", "members"),
        [
            ({"auth_required": False}, "public", []),
            ({"auth_required": True}, "signed-in", []),
            ({}, "private", []),
            ({"auth_policy": {"required": True}}, "signed-in", []),
            ({"auth_required": True, "auth_policy": {"allow_anonymous": True}}, "signed-in", []),
            ({"auth_policy": {"allowed_users": ["Ada@x.org", "x"]}}, "members", ["ada@x.org"]),
            (
                {"auth_required": False, "auth_policy": {"allowed_users": ["a@x.org"], "roles": 1}},
                "members",
                ["a@x.org"],
            ),
        ],
    )
    def test_access(self, imported, fields, access, members):
        manifest = parse(imported({"slug": "old", "name": "Old", "status": "draft"} | fields).manifest)
        assert (manifest.access, manifest.members) == (access, members)

    def test_without_a_manifest(self, imported):
        proposal = imported(None)
        assert proposal.origin == "imported"
        assert proposal.manifest["slug"] == "click-tracker"
        assert parse(proposal.manifest).access == "private"

    @pytest.mark.parametrize("value", [None, [], {}, 7, "x", {"clicks": [None, {"keys": 3}]}])
    def test_odd_values_do_no_harm(self, imported, value):
        fields = dict.fromkeys([key for key in OLD if key not in ("slug", "name")], value)
        assert imported(OLD | fields).problems == ()

    def test_what_is_missing_is_said(self, imported):
        proposal = imported(OLD, {"__init__.py": "", "actor.py": "x = 1"})
        messages = " ".join(remark.message for remark in proposal.report)
        assert '"bp"' in messages
        assert "ExperimentActor" in messages
