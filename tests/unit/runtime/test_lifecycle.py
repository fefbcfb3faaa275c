"""What is left when a process is killed: nothing."""

import os
import signal
import subprocess
import sys
import textwrap

import psutil

from console.supervisor import wait_until


def test_the_processes_of_a_pool_end_with_the_process_that_made_them() -> None:
    script = textwrap.dedent("""
        import multiprocessing, threading, time
        from concurrent.futures import ProcessPoolExecutor
        from runtime.lifecycle import end_with_parent

        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=context, initializer=end_with_parent) as pool:
                print(pool.submit(__import__("os").getpid).result(), flush=True)
                pool.submit(time.sleep, 600).result()
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 30)
