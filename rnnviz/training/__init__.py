"""Train a net on any task: plans, optimisers, runs that can be resumed, and what they learnt."""

from rnnviz.training.optimisers import OPTIMISERS
from rnnviz.training.plan import SCHEDULES, Plan
from rnnviz.training.run import Run
from rnnviz.training.stored import load, save
from rnnviz.training.train_net import begin, resume, steps, train

__all__ = [
    "OPTIMISERS",
    "SCHEDULES",
    "Plan",
    "Run",
    "begin",
    "load",
    "resume",
    "save",
    "steps",
    "train",
]
