"""The labels and the help of the sidebar."""

from __future__ import annotations

from rnnviz.words import word

SCALINGS = {"gain": word("Gain"), "radius": word("Spectral radius")}
LOSSES = {
    "last": word("On the last step"),
    "every": word("On every step"),
    "task": word("As the task has it"),
    "chosen": word("On chosen steps"),
}
CELL_OPTIONS = {
    "nonlinearity": word("RNN: nonlinearity φ"),
    "reset_after": word("GRU: reset after the product (PyTorch, Keras)"),
    "peephole": word("Peephole LSTM: form"),
}
HELP = {
    "T": word("How many timesteps the sequence has; T × H² is at most 2,000,000."),
    "T_opened": word("How many timesteps the sequence has, for this net at most {most}."),
    "H": word("How many hidden units each cell has; T × H² is at most 2,000,000."),
    "seed": word("The same seed gives the same weights and the same sequence, always."),
    "seed_trained": word("The same seed gives the same sequence, always. The weights were drawn "
    "with the seed of the training."),
    "init": word("How W_x, W_h and b are drawn. The gate biases b_f and b_z are set afterwards, "
    "except with chrono, which draws its own, for memories of 2 to T steps."),
    "scaling": word("Gain multiplies W_h as drawn; spectral radius scales every gate's block of "
    "W_h so that its largest eigenvalue has that modulus."),
    "forget_bias": word("σ(b_f) is about how much of the cell state each step keeps: σ(0) = 0.5, "
    "σ(3) = 0.953. At 0 about half of it is lost at every step."),
    "update_bias": word("z = 1 keeps the old state. σ(b_z) is about how much each step keeps."),
    "loss": word("The gradient starts where the loss sits. One loss on the last step shows most "
    "clearly how far it travels."),
    "at": word("Numbers and ranges, such as 10, 20-25."),
    "reset": word("Sets every control as the preset “{preset}” has it."),
}
