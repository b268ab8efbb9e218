import asyncio
import os
import subprocess
import sys

SCRIPT = """
import asyncio, os, subprocess, sys
from hothouse.supervisor.orphans import become_subreaper, reap_orphans

async def main():
    assert become_subreaper()
    reaping = asyncio.create_task(reap_orphans(0.05))
    # A shell starts a child in the background and ends: the child becomes ours.
    shell = subprocess.run(["sh", "-c", "sleep 0.1 >/dev/null 2>&1 & echo $!"], capture_output=True, text=True)
    orphan = int(shell.stdout)
    own = await asyncio.create_subprocess_exec("sh", "-c", "sleep 0.3; exit 7")
    async with asyncio.timeout(10):
        while os.path.exists(f"/proc/{orphan}"):
            await asyncio.sleep(0.02)
    print(await own.wait())

asyncio.run(main())
"""


async def test_orphans_are_buried_and_our_own_children_left_to_us():
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, stdout=subprocess.PIPE, env=dict(os.environ)
    )
    output, _ = await asyncio.wait_for(process.communicate(), 20)

    assert output == b"7\n"
