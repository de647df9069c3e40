"""Tasks: seeded, named generators of sequences and targets.

Every file here whose name has no leading underscore defines exactly one `Task`; dropping a file
in makes its task appear in `TASKS`.
"""

import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType

from ._base import PARTS, Lengths, Option, Part, Task
from ._example import Example
from ._score import SCORES, ScoreName, score

__all__ = [
    "PARTS", "SCORES", "TASKS", "Example", "Lengths", "Option", "Part", "ScoreName", "Task",
    "find_tasks", "score",
]  # fmt: skip


def find_tasks(folders: Iterable[str], package: str) -> Mapping[str, Task]:
    """Name → task for every task file in `folders`, by the order that the tasks declare."""
    names = sorted(found.name for found in pkgutil.iter_modules(folders))
    tasks = [_task_in(f"{package}.{name}") for name in names if not name.startswith("_")]
    tasks.sort(key=lambda task: (task.order, task.name))
    by_name = {task.name: task for task in tasks}
    if len(by_name) != len(tasks):
        raise ImportError(f"Task names must differ, got {', '.join(task.name for task in tasks)}.")
    return MappingProxyType(by_name)


def _task_in(module_name: str) -> Task:
    found = [
        value for value in vars(import_module(module_name)).values() if isinstance(value, Task)
    ]
    if len(found) != 1:
        raise ImportError(f"`{module_name}` must define exactly one Task, got {len(found)}.")
    return found[0]


TASKS = find_tasks(__path__, __name__)
