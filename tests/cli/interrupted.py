"""A command in a process of its own, that is stopped in the middle."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.cli.command import PROGRAM, ROOT, Done
from tests.server.live import wait_for

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable


def stop(*arguments: object, when: Callable[[], bool], with_signal: signal.Signals) -> Done:
    """Run a command, send it a signal when something holds, and return what it came to."""
    with subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            wait_for(lambda: when() or process.poll() is not None, "the command to be under way")
            process.send_signal(with_signal)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    return Done(process.returncode, out, err)
