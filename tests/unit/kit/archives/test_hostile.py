"""Archives that try to do harm are refused by name, and nothing of them is written."""

import stat
import struct
import zipfile
import zlib

import pytest

from hothouse.kit.archives import ArchiveRefused, Limits, extract, inspect, normalise


def zip_of(path, *entries, **options):
    """Write a zip of `(name or ZipInfo, content)` pairs, however odd the names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def special(name, mode):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


@pytest.fixture
def refuse(tmp_path):
    """Assert that every way in refuses an archive and leaves no trace; gives the error."""

    def check(archive, limits=None):
        options = {"limits": limits} if limits else {}
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(ArchiveRefused) as caught:
            inspect(archive, **options)
        with pytest.raises(ArchiveRefused):
            extract(archive, tmp_path / "target", **options)
        with pytest.raises(ArchiveRefused):
            normalise(archive, tmp_path / "normal.zip", **options)
        assert sorted(tmp_path.rglob("*")) == before
        return caught.value

    return check


class TestPaths:
    @pytest.mark.parametrize(
        "name",
        [
            "../evil.py",
            "a/../../evil.py",
            "a/..",
            "/etc/passwd",
            "//server/share",
            "C:/evil.py",
            "c:evil.py",
            "\\evil.py",
            "\\\\server\\share\\x",
            "a\\..\\..\\evil.py",
            "a\nb",
            "a\x1b[2Jb",
            "a\x7fb",
            "a\x85b",
            "x" * 256,
            "d/" * 600 + "f",
        ],
    )
    def test_refused(self, tmp_path, refuse, name):
        error = refuse(zip_of(tmp_path / "a.zip", ("ok.py", "1"), (name, "1")))
        assert error.entry == name

    def test_nul(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("safe.py@../../x", "1"))
        archive.write_bytes(archive.read_bytes().replace(b"safe.py@", b"safe.py\0"))
        assert "control character" in refuse(archive).reason

    def test_folder_that_escapes(self, tmp_path, refuse):
        refuse(zip_of(tmp_path / "a.zip", ("ok.py", "1"), ("../out/", "")))

    def test_the_message_cannot_disturb_a_terminal(self, tmp_path, refuse):
        assert "\x1b" not in str(refuse(zip_of(tmp_path / "a.zip", ("a\x1b[2Jb", "1"))))


class TestKinds:
    @pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR, stat.S_IFBLK])
    def test_special_file(self, tmp_path, refuse, mode):
        error = refuse(zip_of(tmp_path / "a.zip", (special("x", mode | 0o777), "/etc/passwd")))
        assert error.entry == "x"
        assert ("link" if mode == stat.S_IFLNK else "device") in error.reason

    def test_link_named_as_a_folder(self, tmp_path, refuse):
        refuse(zip_of(tmp_path / "a.zip", (special("x/", stat.S_IFLNK | 0o777), ""), ("x/y", "1")))

    def test_folder_named_as_a_file(self, tmp_path, refuse):
        refuse(zip_of(tmp_path / "a.zip", (special("x", stat.S_IFDIR | 0o755), "")))

    def test_encrypted(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("x.py", "1"))
        content = bytearray(archive.read_bytes())
        content[6] |= 1
        content[content.index(b"PK\x01\x02") + 8] |= 1
        archive.write_bytes(content)
        assert "encrypted" in refuse(archive).reason

    def test_unusual_method(self, tmp_path, refuse):
        info = zipfile.ZipInfo("x.py")
        info.compress_type = zipfile.ZIP_LZMA
        archive = tmp_path / "a.zip"
        with zipfile.ZipFile(archive, "w") as output:
            output.writestr(info, "1" * 100)
        assert "unusual method" in refuse(archive).reason


class TestDuplicates:
    @pytest.mark.filterwarnings("ignore:Duplicate name")
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("a.py", "a.py"),
            ("a.py", "A.py"),
            ("straße", "STRASSE"),
            ("é.py", "e\u0301.py"),
            ("a.py", "./a.py"),
            ("d/a.py", "d//a.py"),
            ("a", "a/b"),
            ("A", "a/b"),
            ("a/b", "a"),
            ("a", "a/"),
        ],
    )
    def test_refused(self, tmp_path, refuse, first, second):
        content = "" if second.endswith("/") else "2"
        error = refuse(zip_of(tmp_path / "a.zip", (first, "1"), (second, content)))
        assert "twice" in error.reason or "as a file and as a folder" in error.reason


class TestBombs:
    def test_ratio(self, tmp_path, refuse):
        error = refuse(zip_of(tmp_path / "a.zip", ("zeros", bytes(20 * 2**20))))
        assert "200 times" in error.reason
        assert error.entry == "zeros"

    def test_small_and_regular_content_is_no_bomb(self, tmp_path):
        assert inspect(zip_of(tmp_path / "a.zip", ("zeros", bytes(2**20)))).total == 2**20

    def test_total(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("a", b"x" * 60), ("b", b"y" * 60))
        assert "unpacked" in refuse(archive, Limits(total_bytes=100)).reason

    def test_compressed(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("a", "x"))
        assert "MB are allowed" in refuse(archive, Limits(compressed_bytes=10)).reason

    def test_default_limits(self):
        assert (Limits().compressed_bytes, Limits().files) == (100_000_000, 10_000)

    def test_count(self, tmp_path, refuse):
        archive = tmp_path / "a.zip"
        with zipfile.ZipFile(archive, "w") as output:
            for number in range(10_001):
                output.writestr(str(number), b"")
        assert "10,001 files" in refuse(archive).reason

    def test_count_that_lies_is_refused_before_the_table_is_read(self, tmp_path, refuse, monkeypatch):
        archive = zip_of(tmp_path / "a.zip", *((f"{'x' * 200}{number}", "") for number in range(60)))
        monkeypatch.setattr(zipfile, "ZipFile", None)
        assert "are allowed" in refuse(archive, Limits(files=10)).reason

    def test_declared_size_too_small(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("x", b"hello" * 1000))
        lie = struct.pack("<L", 10)
        archive.write_bytes(archive.read_bytes().replace(struct.pack("<L", 5000), lie))
        assert "damaged" in refuse(archive).reason

    def test_declared_size_and_checksum_too_small_unpacks_no_more_than_declared(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", ("x", b"hello" * 1000))
        content = archive.read_bytes().replace(struct.pack("<L", 5000), struct.pack("<L", 10))
        true_sum, sum_of_part = zlib.crc32(b"hello" * 1000), zlib.crc32(b"hello" * 2)
        archive.write_bytes(content.replace(struct.pack("<L", true_sum), struct.pack("<L", sum_of_part)))
        extract(archive, tmp_path / "target")
        assert (tmp_path / "target/x").stat().st_size == 10

    def test_declared_size_too_large(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("x", b"hello" * 1000))
        archive.write_bytes(archive.read_bytes().replace(struct.pack("<L", 5000), struct.pack("<L", 6000)))
        refuse(archive)

    def test_overlapping_entries(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("a", b"x" * 500), ("b", b"x" * 500))
        content = bytearray(archive.read_bytes())
        second = content.rindex(b"PK\x01\x02")
        content[second + 42 : second + 46] = struct.pack("<L", 0)
        archive.write_bytes(content)
        assert "shares its content" in refuse(archive).reason


class TestDamage:
    @pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + bytes(10), b"\0" * 100_000])
    def test_not_a_zip(self, tmp_path, refuse, content):
        archive = tmp_path / "a.zip"
        archive.write_bytes(content)
        assert "not a zip" in refuse(archive).reason

    @pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
    def test_truncated(self, tmp_path, refuse, kept):
        archive = zip_of(tmp_path / "a.zip", *((f"{number}.py", str(number) * 50) for number in range(30)))
        content = archive.read_bytes()
        archive.write_bytes(content[: int(len(content) * kept)])
        refuse(archive)

    def test_middle_missing(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("a", "1" * 50), ("b", "2" * 50))
        content = archive.read_bytes()
        archive.write_bytes(content[:20] + content[40:])
        refuse(archive)

    def test_checksum(self, tmp_path, refuse):
        archive = tmp_path / "a.zip"
        with zipfile.ZipFile(archive, "w") as output:
            output.writestr("ok.py", "fine")
            output.writestr("bad.py", "abcdefgh")
        archive.write_bytes(archive.read_bytes().replace(b"abcdefgh", b"abcdefgX"))
        assert refuse(archive).entry == "bad.py"

    def test_names_in_the_two_tables_differ(self, tmp_path, refuse):
        archive = zip_of(tmp_path / "a.zip", ("aaaa.py", "1"))
        archive.write_bytes(archive.read_bytes().replace(b"aaaa.py", b"../a.py", 1))
        refuse(archive)

    def test_no_files(self, tmp_path):
        archive = zip_of(tmp_path / "a.zip", ("folder/", ""), ("__MACOSX/x", "1"))
        with pytest.raises(ArchiveRefused, match="no files"):
            normalise(archive, tmp_path / "normal.zip")
