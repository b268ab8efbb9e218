"""Networks of their own: what workloads reach and what not, how they are reached, and that nothing of it stays."""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.backends.local.networks import door_path, own_addresses
from hothouse.launch.interfaces import Network, Phase, Service, Status

from .conftest import DEADLINE_SECONDS, Lab

PORT = 5000
TRY_TO_CONNECT = """
import socket, sys
for address in sys.argv[1:]:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            print(address, "reached", connection.recv(100).decode())
    except OSError as error:
        print(address, "refused")
"""
LOOK_UP = """
import socket, sys
for name in sys.argv[1:]:
    try:
        print(name, socket.gethostbyname(name))
    except OSError:
        print(name, "unknown")
"""
ECHO = """
import socket
listener = socket.create_server(("127.0.0.1", 5000))
print("serving", flush=True)
while True:
    connection, _ = listener.accept()
    while data := connection.recv(65536):
        connection.sendall(data)
    connection.sendall(b"bye")
    connection.close()
"""
POUR = """
import socket
listener = socket.create_server(("127.0.0.1", 5000))
print("serving", flush=True)
while True:
    connection, _ = listener.accept()
    try:
        while True:
            connection.sendall(bytes(65536))
    except OSError:
        print("broken off", flush=True)
"""
CHANGE_THE_NETWORK = """
import fcntl, socket, struct
kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
route = struct.pack("=BBBBBBBBI", 2, 0, 0, 0, 254, 4, 0, 1, 0)
kernel.send(struct.pack("=IHHII", 16 + len(route), 25, 5, 1, 0) + route)  # delete the first route
print(struct.unpack_from("=IHHIIi", kernel.recv(4096))[5])
"""


class TestWhatIsReached:
    async def test_services(self, sandbox: Lab, folder: Path) -> None:
        async with greeting_at(f"unix:{folder}/greeter", "one") as unix, greeting_at("tcp:127.0.0.1", "two") as tcp:
            network = Network(services=(Service(port=27017, target=unix), Service(port=8000, target=tcp)))
            lines = await tried(sandbox, network, "127.0.0.1:27017", "localhost:8000")
        assert lines == ["127.0.0.1:27017 reached one", "localhost:8000 reached two"]

    async def test_names_lead_to_the_services(self, sandbox: Lab) -> None:
        network = Network(names=(".apps.localhost", "lab.example", "192.0.2.77"))
        names = ("notes.apps.localhost", "LAB.example", "other.example", "localhost")
        spec = sandbox.spec("w", sandbox.python, "-c", LOOK_UP, *names, network=network)
        _, lines = await sandbox.run(spec)
        assert lines == [
            "notes.apps.localhost 127.0.0.1",
            "LAB.example 127.0.0.1",
            "other.example unknown",
            "localhost 127.0.0.1",
        ]

    async def test_services_at_an_address(self, sandbox: Lab, folder: Path) -> None:
        async with greeting_at(f"unix:{folder}/greeter", "one") as target:
            network = Network(services=(Service(port=27080, target=target),), names=("192.0.2.77",))
            assert await tried(sandbox, network, "192.0.2.77:27080") == ["192.0.2.77:27080 reached one"]

    @pytest.mark.parametrize("outbound", [False, True])
    async def test_never_the_machine(self, sandbox: Lab, outbound: bool) -> None:
        """Neither its loopback, nor its own addresses, nor what stands for it with the program that connects it."""
        async with greeting_at("tcp:0.0.0.0", "host") as target:
            port = target.rpartition(":")[2]
            own = [address.partition("/")[0] for address in own_addresses()]
            assert own, "this machine has no address but loopback, so this test could not fail"
            hosts = ["127.0.0.1", *own, "10.0.2.2", "10.0.2.3", "0.0.0.0"]
            lines = await tried(sandbox, Network(outbound=outbound), *(f"{host}:{port}" for host in hosts))
        assert [line.split()[1] for line in lines] == ["refused"] * len(hosts)

    async def test_its_own_address_can_be_reached_otherwise(self) -> None:
        """What the test above rests on: without a network of its own a workload would reach the listener."""
        async with greeting_at("tcp:0.0.0.0", "host") as target:
            own = own_addresses()[0].partition("/")[0]
            reader, writer = await asyncio.open_connection(own, int(target.rpartition(":")[2]))
            assert await reader.read(100) == b"host"
            writer.close()

    async def test_never_another_workload(self, sandbox: Lab) -> None:
        await serving(sandbox, ECHO, "other")
        assert await tried(sandbox, Network(), f"127.0.0.1:{PORT}") == [f"127.0.0.1:{PORT} refused"]

    async def test_no_abstract_sockets_of_the_machine(self, sandbox: Lab) -> None:
        name = f"\0hothouse-{sandbox.mark}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(name)
            listener.listen()
            source = (
                f"import socket\ntry: socket.socket(socket.AF_UNIX).connect({name!r}); print('reached')\n"
                "except OSError: print('refused')"
            )
            _, lines = await sandbox.run(sandbox.program("w", source, network=Network()))
        assert lines == ["refused"]

    @pytest.mark.parametrize(("outbound", "devices"), [(False, ["lo"]), (True, ["lo", "tap0"])])
    async def test_devices(self, sandbox: Lab, outbound: bool, devices: list[str]) -> None:
        script = "tail -n +3 /proc/net/dev | cut -d: -f1"
        _, lines = await sandbox.run(sandbox.shell("w", script, network=Network(outbound=outbound)))
        assert sorted(line.strip() for line in lines) == devices

    async def test_refused_ranges(self, sandbox: Lab) -> None:
        """With internet access, at once and by the routes: none of these is left to time out."""
        hosts = ("169.254.169.254", "10.1.2.3", "172.20.0.1", "192.168.1.1", "100.100.100.200", "224.0.0.1", "fd00::1")
        source = (
            "import socket, sys\nfor host in sys.argv[1:]:\n"
            " try: socket.create_connection((host, 80), timeout=5); print('reached')\n"
            " except OSError as error: print(error.errno)"
        )
        spec = sandbox.spec("w", sandbox.python, "-c", source, *hosts, network=Network(outbound=True))
        _, lines = await sandbox.run(spec)
        assert set(lines) <= {"101", "113"}  # ENETUNREACH, EHOSTUNREACH
        assert len(lines) == len(hosts)

    async def test_routes_to_the_internet(self, sandbox: Lab) -> None:
        """There is a way there; whether this machine has the internet is not for a test to ask."""
        script = 'awk \'$2 == "00000000" && $8 == "00000000" {print $1, $3}\' /proc/net/route'
        _, lines = await sandbox.run(sandbox.shell("w", script, network=Network(outbound=True)))
        assert "tap0 0202000A" in lines  # 10.0.2.2

    async def test_changing_it(self, sandbox: Lab) -> None:
        spec = sandbox.program("w", CHANGE_THE_NETWORK, network=Network(outbound=True))
        _, lines = await sandbox.run(spec)
        assert lines == ["-1"]  # EPERM


class TestHowItIsReached:
    async def test_half_closed(self, sandbox: Lab) -> None:
        status = await serving(sandbox, ECHO)
        reader, writer = await connected(status)
        writer.write(b"hello ")
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), DEADLINE_SECONDS) == b"hello bye"
        writer.close()

    async def test_everything_arrives(self, sandbox: Lab) -> None:
        status = await serving(sandbox, ECHO)
        reader, writer = await connected(status)
        sent = os.urandom(1_000_000) * 20

        async def send() -> None:
            writer.write(sent)
            await writer.drain()
            writer.write_eof()

        sending = asyncio.create_task(send())
        assert await asyncio.wait_for(reader.read(), DEADLINE_SECONDS) == sent + b"bye"
        await sending
        writer.close()

    async def test_a_slow_reader_costs_no_memory(self, sandbox: Lab) -> None:
        status = await serving(sandbox, POUR)
        reader, writer = await connected(status)
        assert await reader.readexactly(1_000_000)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        held = [process.memory_info().rss for process in helpers(sandbox)]
        assert max(held) < 40 * 2**20
        writer.transport.abort()
        await sandbox.heard("w", "broken off")

    async def test_before_it_listens(self, sandbox: Lab) -> None:
        """A connection that comes too early waits a moment, as it does at a port that is being opened."""
        sandbox.make_fifo("go")
        status = await sandbox.launcher.start(
            sandbox.program("w", "open('go').readline()" + ECHO, network=Network(port=PORT))
        )
        reader, writer = await connected(status)
        writer.write(b"early")
        writer.write_eof()
        await sandbox.tell("go", "on")
        assert await asyncio.wait_for(reader.read(), DEADLINE_SECONDS) == b"earlybye"
        writer.close()

    async def test_nothing_listens(self, sandbox: Lab) -> None:
        status = await sandbox.launcher.start(sandbox.shell("w", "sleep 60", network=Network(port=PORT)))
        reader, writer = await connected(status)
        assert await asyncio.wait_for(reader.read(), DEADLINE_SECONDS) == b""
        writer.close()

    async def test_door_is_out_of_its_reach(self, sandbox: Lab) -> None:
        door = door_path(sandbox.root, "w")
        script = f"ls {door.parent} 2> /dev/null || echo hidden"
        _, lines = await sandbox.run(sandbox.shell("w", script, network=Network(port=PORT, takes_socket=True)))
        assert lines == ["hidden"]

    async def test_relay_is_out_of_its_reach(self, sandbox: Lab) -> None:
        source = "import os; print([pid for pid in os.listdir('/proc') if pid.isdigit()])"
        _, lines = await sandbox.run(sandbox.program("w", source, network=Network(port=PORT, outbound=True)))
        assert lines == ["['1', '2']"]

    async def test_descriptors(self, sandbox: Lab) -> None:
        source = "import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])"
        network = Network(port=PORT, takes_socket=True, outbound=True)
        _, lines = await sandbox.run(sandbox.program("w", source, network=network))
        assert lines == ["[0, 1, 2, 3]"]


class TestNothingIsLeft:
    async def test_after_a_stop(self, sandbox: Lab) -> None:
        await serving(sandbox, ECHO)
        async with everything_gone(sandbox):
            await sandbox.launcher.stop("w")

    async def test_after_its_end(self, sandbox: Lab) -> None:
        sandbox.make_fifo("go")
        network = Network(port=PORT, outbound=True)
        await sandbox.launcher.start(sandbox.shell("w", "read line < go", network=network))
        async with everything_gone(sandbox):
            await sandbox.tell("go", "on")
            await sandbox.lines("w", follow=True)

    async def test_after_its_keeper_was_killed(self, sandbox: Lab) -> None:
        await serving(sandbox, ECHO)
        async with everything_gone(sandbox):
            keeper(sandbox).kill()
            async with asyncio.timeout(DEADLINE_SECONDS):
                while keeper(sandbox, is_alive=False):
                    await asyncio.sleep(0.01)
            status = await sandbox.launcher.poll("w")
        assert status is not None
        assert (status.phase, status.was_let_down) == (Phase.lost, True)

    @pytest.mark.parametrize(
        ("which", "reason"),
        [(0, "the program that connects it to the internet ended"), (1, "the relay of its private network ended")],
        ids=["internet", "relay"],
    )
    async def test_after_a_helper_was_killed(self, sandbox: Lab, which: int, reason: str) -> None:
        """A workload that can no longer be reached, or reach anything, ends with the reason, to be started anew."""
        await serving(sandbox, ECHO)
        async with everything_gone(sandbox):
            helpers(sandbox)[which].kill()
            await sandbox.lines("w", follow=True)
            status = await sandbox.launcher.poll("w")
        assert status is not None
        assert (status.phase, status.reason, status.was_let_down) == (Phase.exited, reason, True)

    async def test_when_a_helper_is_the_first_to_hear_that_all_is_to_end(self, sandbox: Lab) -> None:
        """As it goes when a machine is shut down: that is a stop, not a failure."""
        sandbox.make_fifo("go")
        network = Network(port=PORT, outbound=True)
        await sandbox.launcher.start(sandbox.shell("w", "trap '' TERM; echo on; read line < go", network=network))
        await sandbox.heard("w", "on")
        async with everything_gone(sandbox):
            keeper(sandbox).terminate()
            helpers(sandbox)[0].terminate()
            await sandbox.lines("w", follow=True)
            status = await sandbox.launcher.poll("w")
        assert status is not None
        assert (status.error, status.was_let_down) == (None, False)

    async def test_after_the_process_inside_was_killed(self, sandbox: Lab) -> None:
        await serving(sandbox, ECHO)
        async with everything_gone(sandbox):
            helpers(sandbox)[-1].kill()
            await sandbox.lines("w", follow=True)

    async def test_another_launcher_goes_on(self, sandbox: Lab) -> None:
        await serving(sandbox, ECHO)
        (adopted,) = await LocalLauncher(sandbox.root, sandbox.isolation).adopt()
        reader, writer = await connected(adopted)
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), DEADLINE_SECONDS) == b"bye"
        writer.close()


@contextlib.asynccontextmanager
async def greeting_at(target: str, text: str) -> AsyncIterator[str]:
    """Greet who connects, outside of any sandbox; gives the target with its port."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text.encode())
        writer.close()

    kind, _, where = target.partition(":")
    if kind == "unix":
        server = await asyncio.start_unix_server(greet, where)
    else:
        server = await asyncio.start_server(greet, where, 0)
        target = f"{target}:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield target


async def tried(sandbox: Lab, network: Network, *addresses: str) -> list[str]:
    _, lines = await sandbox.run(sandbox.spec("w", sandbox.python, "-c", TRY_TO_CONNECT, *addresses, network=network))
    return lines


async def serving(sandbox: Lab, source: str, workload_id: str = "w") -> Status:
    """Start a program that listens and wait until it does; with internet access, so that all there can be is there."""
    network = Network(port=PORT, outbound=True)
    status = await sandbox.launcher.start(sandbox.program(workload_id, source, network=network))
    await sandbox.heard(workload_id, "serving")
    return status


async def connected(status: Status) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    assert status.endpoint is not None
    return await asyncio.open_unix_connection(status.endpoint.removeprefix("unix:"))


def keeper(sandbox: Lab, *, is_alive: bool = True) -> psutil.Process:
    """Return the keeper; None where it is gone, if that may be."""
    pid = json.loads((sandbox.root / "w" / "state.json").read_text())["keeper"]
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        if is_alive:
            raise
        return None  # type: ignore[return-value]


def helpers(sandbox: Lab) -> list[psutil.Process]:
    """List what serves the network: the program for the internet, the relay, and its process inside."""
    _, *children = sorted(keeper(sandbox).children(), key=lambda each: each.pid)
    return [*children, *children[-1].children()]


@contextlib.asynccontextmanager
async def everything_gone(sandbox: Lab) -> AsyncIterator[None]:
    """See that what was there of the workload is gone afterwards: processes, namespace, socket."""
    door = door_path(sandbox.root, "w")
    assert door.exists()
    processes = [keeper(sandbox), *keeper(sandbox).children(recursive=True)]
    assert len(processes) >= 5
    network = Path(f"/proc/{processes[-1].pid}/ns/net").readlink()
    yield
    await _until(lambda: not [each for each in processes if each.is_running() and each.status() != "zombie"])
    await _until(lambda: network not in _namespaces())
    assert not door.exists()


def _namespaces() -> set[Path]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/ns/net"):
        with contextlib.suppress(OSError):
            found.add(path.readlink())
    return found


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not holds():
            await asyncio.sleep(0.01)
