"""How much there is to be promised."""

from pathlib import Path

from hothouse.environments.admission.room import Capacity, gpus_of
from hothouse.environments.templates.schemas import MIB, Size
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.backends.podman import PodmanLauncher
from hothouse.launch.dispatch import Launchers
from hothouse.launch.levels import grade
from hothouse.settings import Settings


def test_no_launcher_of_this_machine_offers_gpus(tmp_path: Path) -> None:
    plain = LocalLauncher(tmp_path, grade("process", ()))
    both = Launchers(plain, PodmanLauncher(tmp_path, lambda: grade("podman", ())))
    assert gpus_of(both) == 0
    problems = dict(Capacity.of(Settings(), both).problems(Size(cpu=1, memory_bytes=64 * MIB, gpus=1)))
    assert problems == {"gpus": "No launcher here offers GPUs; ask for fewer, or ask an admin."}
