"""How gunicorn serves the pages; the Procfile and `alongside serve` both read it here.

No `bind`: gunicorn's own choice is the right one, port $PORT on every address where a platform sets it, else port 8000
on this machine only.
"""

import os
import signal

accesslog = None  # it would hold whole paths, and some open something; `web.request_log` writes its own lines
worker_class = "gthread"  # half-open clients freeze the default workers, threads keep answering
workers = 2
threads = 8
preload_app = True
control_socket_disable = True  # else gunicorn opens a socket in the home folder


def post_worker_init(_worker: object) -> None:
    """Leave Ctrl-C to gunicorn's first process, which ends the others: told twice, a worker can wait for itself.

    And let the others end when it says so: gunicorn's own answer to SIGQUIT takes the lock of its threads, and would
    wait for ever where the signal comes while a thread is being started. SIGTERM lets requests finish, as before.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, end_at_once)


def end_at_once(_signal: int, _frame: object) -> None:
    """Wait for nothing and nobody."""
    os._exit(0)
