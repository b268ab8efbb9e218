import json
import socket

import pytest

from hothouse.supervisor.errors import StartRefused
from hothouse.supervisor.ports import StablePorts, is_free, require_free


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


class TestStablePorts:
    def test_stay_the_same(self, tmp_path):
        first = StablePorts(tmp_path / "ports.json")
        chosen = [first.take("mongodb"), first.take("broker")]
        again = StablePorts(tmp_path / "ports.json")

        assert [again.take("mongodb"), again.take("broker")] == chosen
        assert len(set(chosen)) == 2

    def test_a_port_taken_by_another_program_is_replaced(self, tmp_path, taken_port):
        (tmp_path / "ports.json").write_text(json.dumps({"broker": taken_port}))
        port = StablePorts(tmp_path / "ports.json").take("broker")

        assert port != taken_port
        assert is_free("127.0.0.1", port)

    def test_a_wish_goes_first(self, tmp_path):
        ports = StablePorts(tmp_path / "ports.json")
        kept = ports.take("broker")
        wish = next(port for port in range(kept + 1, kept + 50) if is_free("127.0.0.1", port))

        assert ports.take("broker", wish) == wish

    @pytest.mark.parametrize("content", ["", "[]", "{", '{"broker": "x"}'])
    def test_a_broken_file_is_no_obstacle(self, tmp_path, content):
        (tmp_path / "ports.json").write_text(content)

        assert StablePorts(tmp_path / "ports.json").take("broker") > 1023


class TestRequireFree:
    def test_names_holder_and_way_out(self, taken_port):
        with pytest.raises(StartRefused) as caught:
            require_free("127.0.0.1", taken_port, "HOTHOUSE_PORT")

        assert f"Port {taken_port} on 127.0.0.1 is taken by process" in str(caught.value)
        assert "Choose another with HOTHOUSE_PORT=" in str(caught.value)

    def test_an_address_that_is_not_ours(self):
        with pytest.raises(StartRefused, match="Check HOTHOUSE_BIND"):
            require_free("192.0.2.1", 8000, "HOTHOUSE_PORT")
