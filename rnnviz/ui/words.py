"""What the pages say: labels, help and definitions."""

from __future__ import annotations

TITLE = "rnnviz"
PAGES = {
    "app.py": "Compare",
    "pages/Step.py": "Step",
    "pages/Gradient_flow.py": "Gradient flow",
    "pages/Whose_gradient.py": "Whose gradient?",
    "pages/Spectrum.py": "Spectrum",
    "pages/Roads.py": "Roads",
    "pages/Cuts.py": "Cuts",
}
"""Script of each page → its name in the navigation."""

INITS = {
    "pytorch": "PyTorch's default, U(±1/√H)",
    "glorot": "Glorot uniform",
    "orthogonal": "Orthogonal W_h",
    "identity": "Identity W_h",
}
SCALINGS = {"gain": "gain", "radius": "spectral radius"}
LOSSES = {
    "last": "On the last step",
    "every": "On every step",
    "task": "As the task has it",
    "chosen": "On chosen steps",
}
CELL_OPTIONS = {
    "nonlinearity": "RNN: nonlinearity φ",
    "reset_after": "GRU: reset after the product (PyTorch, Keras)",
    "peephole": "Peephole LSTM: form",
}
HELP = {
    "T": "How many timesteps the sequence has.",
    "H": "How many hidden units each cell has.",
    "seed": "The same seed gives the same weights and the same sequence, always.",
    "init": "How W_x, W_h and b are drawn. Gate biases below are set afterwards.",
    "scaling": "Gain multiplies W_h as drawn; spectral radius scales every gate's block of W_h so "
    "that its largest eigenvalue has that modulus.",
    "forget_bias": "σ(b_f) is about how much of the cell state each step keeps: σ(0) = 0.5, "
    "σ(3) = 0.953. At 0 a fresh LSTM forgets about as fast as an RNN.",
    "update_bias": "z = 1 keeps the old state. σ(b_z) is about how much each step keeps.",
    "loss": "The gradient starts where the loss sits. One loss on the last step shows most "
    "clearly how far it travels.",
    "at": "Numbers and ranges, such as 10, 20-25.",
    "reset": "Every control back to the setting that the app opens with.",
}

DEFINITIONS = {
    "first / last": "‖∂L/∂h₁‖ / ‖∂L/∂h_S‖, where S is the last step that any gradient reaches "
    "(T, if the loss sits there): how much of it comes back to the first step.",
    "γ per step": "γ = exp(slope of ln ‖∂L/∂h_t‖ against the steps back from S), least squares "
    "over the finite, non-zero steps. Below 1 the gradient shrinks by that factor a step, above 1 "
    "it grows.",
    "half-life": "ln 2 / −ln γ: the number of steps back over which half of it is lost "
    "(a doubling time where γ > 1).",
    "1 % horizon": "the fewest steps back after which less than 1 % of ‖∂L/∂h_S‖ is left.",
}

LIMITS_NOTE = (
    "Nothing is clipped: norms beyond the range of floats are computed with a carried power of two."
)
