"""Flattening what a source asks for into one file for uv."""

import pytest

from hothouse.apps.builds import BuildFailed
from hothouse.apps.builds.requirements import gather
from hothouse.apps.builds.sdk import SdkWheel
from hothouse.apps.manifests import parse

MANIFEST = {"schema_version": "1", "slug": "x", "name": "X", "kind": "command", "entry": ["x"]}


@pytest.fixture
def found(tmp_path):
    """Gather the requirements of files; `requirements.txt` is the one named in the manifest."""

    def run(files, requirements="requirements.txt", sdk=True, **fields):
        for path, text in files.items():
            target = tmp_path / "source" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        wheel = SdkWheel(tmp_path / "wheels", "d1g357", "hothouse_sdk-1-py3-none-any.whl") if sdk else None
        return gather(parse(MANIFEST | {"requirements": requirements} | fields), tmp_path / "source", wheel)

    return run


class TestGather:
    def test_lines(self, found):
        text = "# note\nsix==1.0  # why\n\npandas >=2 ; python_version > '3'\nx @ https://h/x.whl#sha256=1\na \\\n >=1"
        assert found({"requirements.txt": text}).lines == [
            "six==1.0",
            "pandas >=2 ; python_version > '3'",
            "x @ https://h/x.whl#sha256=1",
            "a   >=1",
        ]

    def test_hashes_stay(self, found):
        assert found({"requirements.txt": "six==1.0 --hash=sha256:abc"}).lines == ["six==1.0 --hash=sha256:abc"]

    def test_kind_and_packages_are_added_once(self, found):
        wanted = found({"requirements.txt": "uvicorn\n"}, kind="asgi", entry="a:b", packages=["rich", "uvicorn"])
        assert wanted.lines == ["uvicorn", "rich", "websockets"]

    def test_included_files(self, found):
        files = {
            "deploy/requirements.txt": "-r ../base.txt\n--requirement=more.txt\n-c limits.txt\n-rbase2.txt",
            "base.txt": "a\n-r deploy/requirements.txt",
            "deploy/more.txt": "b",
            "deploy/base2.txt": "c",
            "deploy/limits.txt": "a<2",
        }
        wanted = found(files, "deploy/requirements.txt")
        assert (wanted.lines, wanted.constraints) == (["a", "b", "c"], ["a<2"])

    @pytest.mark.parametrize("line", ["-r ../../x.txt", "-r /etc/passwd", "-c ../x"])
    def test_included_from_outside(self, found, line):
        with pytest.raises(BuildFailed, match=r"line 1\) lies outside"):
            found({"requirements.txt": line})

    def test_included_but_missing(self, found):
        with pytest.raises(BuildFailed, match=r'"more\.txt" is not in the source'):
            found({"requirements.txt": "-r more.txt"})

    def test_options(self, found):
        wanted = found({"requirements.txt": "--extra-index-url https://x/simple\n-f links\n--pre\n--trusted-host x"})
        assert wanted.options == ["--extra-index-url https://x/simple", "-f links"]
        assert len(wanted.remarks) == 2

    @pytest.mark.parametrize("line", ["-e .", ".", "-e .[dev]", "--editable=."])
    def test_source_itself(self, found, line):
        files = {"requirements.txt": line, "pyproject.toml": '[project]\nname = "x"\ndependencies = ["rich"]'}
        wanted = found(files)
        assert wanted.lines == ["rich"]
        assert wanted.remarks

    @pytest.mark.parametrize("line", ["./lib", "-e ../lib", "file:///x", "/x/y.whl"])
    def test_local_paths(self, found, line):
        with pytest.raises(BuildFailed, match="local path"):
            found({"requirements.txt": line})

    @pytest.mark.parametrize("text", ["[project]\nname='x'", "[project", "x = 1"])
    def test_pyproject_without_dependencies(self, found, text):
        with pytest.raises(BuildFailed, match=r"pyproject\.toml"):
            found({"pyproject.toml": text}, "pyproject.toml")


class TestSdk:
    LINE = "hothouse-sdk @ file://${HOTHOUSE_WHEELS}/d1g357/hothouse_sdk-1-py3-none-any.whl"

    @pytest.mark.parametrize(
        "line", ["hothouse-sdk", "Hothouse_SDK[x]==9", "hothouse.sdk @ https://x/y.whl", "hothouse--sdk>1"]
    )
    def test_any_spelling_is_replaced(self, found, line):
        assert found({"requirements.txt": line}).lines == [self.LINE]

    @pytest.mark.parametrize("line", ["hothouse-sdk-extras", "hothouse"])
    def test_other_names_are_left_alone(self, found, line):
        assert found({"requirements.txt": line}).lines == [line]

    def test_always_overridden(self, found):
        wanted = found({"requirements.txt": "six"})
        assert (wanted.lines, wanted.overrides, wanted.excludes) == (["six"], [self.LINE], [])

    def test_excluded_where_there_is_no_wheel(self, found):
        wanted = found({"requirements.txt": "six"}, sdk=False)
        assert (wanted.overrides, wanted.excludes) == ([], ["hothouse-sdk"])

    def test_missing_wheel(self, found):
        with pytest.raises(BuildFailed, match="HOTHOUSE_BUILDS_SDK_WHEEL"):
            found({"requirements.txt": "hothouse_sdk"}, sdk=False)
