"""One launcher out of two: each workload goes to who can run it, and is found again with whoever has it."""

from pathlib import Path

import pytest
from tests.support.launchers import NeverReadyLauncher

from hothouse.launch.dispatch import Launchers
from hothouse.launch.errors import IsolationMissingError
from hothouse.launch.interfaces import Phase, WorkloadSpec


def spec(workload_id: str, image: str | None = None) -> WorkloadSpec:
    return WorkloadSpec(workload_id=workload_id, argv=("true",), env={}, cwd=Path("/"), image=image)


@pytest.fixture
def plain() -> NeverReadyLauncher:
    return NeverReadyLauncher()


@pytest.fixture
def images() -> NeverReadyLauncher:
    return NeverReadyLauncher()


@pytest.fixture
def launchers(plain: NeverReadyLauncher, images: NeverReadyLauncher) -> Launchers:
    return Launchers(plain, images)


async def test_by_image(launchers: Launchers, plain: NeverReadyLauncher, images: NeverReadyLauncher) -> None:
    await launchers.start(spec("a"))
    await launchers.start(spec("b", "localhost/b"))
    assert (plain.starts, images.starts) == (["a"], ["b"])


async def test_found_with_whoever_has_it(launchers: Launchers, images: NeverReadyLauncher) -> None:
    await launchers.start(spec("b", "localhost/b"))
    await images.say("b", "hello")
    assert [line.text async for line in launchers.logs("b")] == ["hello"]
    assert await launchers.usage("b") is not None
    frozen = await launchers.freeze("b")
    assert frozen is not None
    assert frozen.is_frozen
    thawed = await launchers.thaw("b")
    assert thawed is not None
    assert not thawed.is_frozen
    stopped = await launchers.stop("b")
    assert stopped is not None
    assert stopped.phase is Phase.exited
    await launchers.discard("b")
    assert await launchers.poll("b") is None


async def test_adopts_all(launchers: Launchers) -> None:
    await launchers.start(spec("a"))
    await launchers.start(spec("b", "localhost/b"))
    assert [status.workload_id for status in await launchers.adopt()] == ["a", "b"]


async def test_unknown(launchers: Launchers) -> None:
    assert await launchers.poll("never") is None
    assert await launchers.stop("never") is None
    assert [line async for line in launchers.logs("never")] == []


async def test_nothing_runs_images(plain: NeverReadyLauncher) -> None:
    with pytest.raises(IsolationMissingError, match="no launcher here runs images"):
        await Launchers(plain).start(spec("b", "localhost/b"))
    assert plain.starts == []
