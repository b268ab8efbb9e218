"""What a secret of a person may be called, and where its file may be put."""

import pytest

from hothouse.secrets.personal.names import file_problem, name_problem

SET_BY_THE_PLATFORM = ["HOTHOUSE_TOKEN", "hothouse_x", "PATH", "HOME", "LD_PRELOAD", "LD_AUDIT", "DYLD_X", "BASH_ENV"]


class TestNames:
    @pytest.mark.parametrize("is_variable", [True, False])
    @pytest.mark.parametrize("name", SET_BY_THE_PLATFORM)
    def test_what_the_platform_sets(self, name: str, is_variable: bool) -> None:
        assert name_problem(name, is_variable=is_variable) == f'"{name}" is set by the platform; choose another name.'

    @pytest.mark.parametrize("name", ["", "1A", "A-B", "A.B", "A B", "A\n", "A\0", "Ä", "A" * 129])
    def test_what_is_no_variable(self, name: str) -> None:
        assert "is not a variable name" in (name_problem(name, is_variable=True) or "")

    @pytest.mark.parametrize("name", ["", ".hidden", "-x", "a b", "a/b", "a\n", "a\0", "A" * 129])
    def test_what_is_no_name_of_a_file(self, name: str) -> None:
        assert "letters, digits" in (name_problem(name, is_variable=False) or "")

    @pytest.mark.parametrize("name", ["API_KEY", "_x", "HOMEPAGE", "A" * 128])
    def test_good(self, name: str) -> None:
        assert name_problem(name, is_variable=True) is None

    @pytest.mark.parametrize("name", ["aws", "id_rsa.pub", "3-keys"])
    def test_good_of_a_file(self, name: str) -> None:
        assert name_problem(name, is_variable=False) is None


class TestPaths:
    @pytest.mark.parametrize(
        "path", [".aws/credentials", "a", "a/b/c..d", "..a", "\N{LATIN SMALL LETTER E WITH ACUTE}"]
    )
    def test_good(self, path: str) -> None:
        assert file_problem(path) is None

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("/etc/passwd", "is absolute"),
            ("~/x", "is absolute"),
            ("../x", "leaves the home"),
            ("a/../b", "leaves the home"),
            ("..", "leaves the home"),
            (".", "does not name a file"),
            ("", "does not name a file"),
            ("a//b", "does not name a file"),
            ("a/", "does not name a file"),
            ("./a", "does not name a file"),
            ("a\\b", "forward slashes"),
            ("a\0b", "a character"),
            ("a\nb", "a character"),
            ("e\N{COMBINING ACUTE ACCENT}", "a character"),  # another spelling of a path that looks the same
            ("\ud800", "a character"),
            ("x" * 256, "too long"),
            ("x/" * 256 + "y", "too long"),
        ],
    )
    def test_bad(self, path: str, words: str) -> None:
        assert words in (file_problem(path) or "")
