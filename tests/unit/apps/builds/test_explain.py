"""uv's output in words for the author of an app."""

from hothouse.apps.builds.explain import masked, needs_source_build, reason_of

CONFLICT = """\
error: No solution found when resolving dependencies
  cause: Because you require six==1 and six==2, we can conclude that your requirements are unsatisfiable.
         And because so it is, that is it.

hint: something else
""".splitlines()


class TestReasonOf:
    def test_conflict(self):
        assert reason_of(CONFLICT, "x") == (
            "The requirements cannot all be met: Because you require six==1 and six==2, we can conclude that your "
            "requirements are unsatisfiable. And because so it is, that is it."
        )

    def test_older_layout_of_messages(self):
        lines = [
            "  \u00d7 Failed to build `x`",
            "  ├─▶ The build backend returned an error",
            "  ╰─▶ Call failed",
            "",
            "      [stderr]",
            "a",
        ]
        assert reason_of(lines, "x") == "Failed to build `x` The build backend returned an error Call failed."

    def test_nothing_to_find(self):
        assert reason_of(["all is well"], "It ended.") == "It ended."

    def test_length_is_bounded(self):
        assert len(reason_of(["error: " + "word " * 1000], "x")) < 720


class TestNeedsSourceBuild:
    def test_wheel_missing(self):
        assert needs_source_build(["hint: Wheels are required for `x` because building from source is disabled"])

    def test_plain_conflict(self):
        assert not needs_source_build(CONFLICT)


class TestMasked:
    def test_credentials(self):
        assert masked("GET http://a:b@h/x and https://t@h/y") == "GET http://***@h/x and https://***@h/y"
