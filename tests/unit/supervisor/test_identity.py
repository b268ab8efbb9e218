import os
import subprocess

import pytest

from hothouse.supervisor.identity import identify


class TestIdentify:
    def test_is_stable(self):
        assert identify(os.getpid()) == identify(os.getpid())

    def test_differs_between_processes(self):
        assert identify(os.getpid()) != identify(os.getppid())

    @pytest.mark.filterwarnings("ignore::ResourceWarning")
    def test_is_none_for_a_process_that_ended_but_is_not_buried(self):
        process = subprocess.Popen(["true"], stdout=subprocess.PIPE)
        process.stdout.read()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

        assert identify(process.pid) is None
        process.wait()
        assert identify(process.pid) is None
