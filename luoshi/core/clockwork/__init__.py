"""What happens by itself at its time: rooms register routines in their apps.py, workers run each occurrence once."""

from luoshi.core.clockwork.holding import hold_lease, release_lease
from luoshi.core.clockwork.planning import give_out, list_ready, plan_due, take_up_lapsed
from luoshi.core.clockwork.pruning import QUEUE, prune_runs
from luoshi.core.clockwork.registry import daily, every, get_routine, list_routines
from luoshi.core.clockwork.running import execute_run, held_for, renew_run, run_due, worker_name

__all__ = [
    "QUEUE",
    "daily",
    "every",
    "execute_run",
    "get_routine",
    "give_out",
    "held_for",
    "hold_lease",
    "list_ready",
    "list_routines",
    "plan_due",
    "prune_runs",
    "release_lease",
    "renew_run",
    "run_due",
    "take_up_lapsed",
    "worker_name",
]
