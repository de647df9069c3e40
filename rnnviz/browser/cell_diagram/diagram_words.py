"""The words of the drawings of cells; {…} is filled in the browser."""

from __future__ import annotations

from rnnviz.words import say


def _of_the_table() -> dict[str, str]:
    """The words of the table below a drawing."""
    return {
        "table": say("In words, and as a table"),
        "cell": say("Cell"),
        "part": say("node or wire"),
        "title": say("what it is"),
        "values": say("value"),
        "gradients": say("gradient"),
    }  # fmt: skip


def of_the_map() -> dict[str, str]:
    """The words of the map and of the arithmetic below it."""
    return _of_the_table() | {
        "tableSays": say("Unit {unit} at t = {t}: the value on every node and wire, and the "
                         "gradient of the loss that comes back to it. The CSV has every timestep."),
        "knob": say("Click the circle on a wire, or press Enter on the wire, to set its "
                    "weight."),
        "value": say("value {value}"),
        "gradient": say("gradient {value}"),
        "shown": say("Shown are gradients, not values: under each symbol the derivative of the "
                     "loss by it, ∂L/∂f under f."),
        "large": say("The cell as a map, values from left to right"),
        "back": say("The cell as a map, gradients from right to left"),
        "hint": say("Click a node, or press Enter on it, for its arithmetic; ↑ and ↓ go from part "
                    "to part, ← and → through time."),
        "choose": say("Show {cell} large"),
        "width": say("Width shows size, on a logarithmic scale:"),
        "minus": say("negative"),
        "plus": say("positive"),
        "below": say("dotted: below {value}"),
        "close": say("Close"),
        "others": say("the other {n} terms"),
        "all": say("Show all {n} terms"),
        "fewer": say("Show the largest terms"),
        "bias": say("bias"),
        "sum": say("sum"),
        "edit": say("Set {weight}"),
        "edited": say("edited"),
        "set": say("Click it, or press Enter, to set {weight}"),
        "source": say("Which one"),
        "fromUnit": say("from {source}, unit {k}"),
        "fromInput": say("from {source}, input {k}"),
        "reset": say("Restore original"),
        "release": say("All numbers are computed again when you release it."),
        "term": say("term"),
        "weight": say("weight"),
        "product": say("product"),
        "splits": say("What each operand receives"),
        "collects": say("What arrives here"),
        "by": say("from {road}"),
        "later": say("from {road}, at t + 1"),
        "total": say("in total"),
        "slope": say("times φ′ = {slope}"),
        "units": say("h_t of every unit"),
        "unit": say("Show unit {k}"),
        "nothing": say("No gradient arrives here at this step."),
        **_of_the_output(),
    }  # fmt: skip


def _of_the_output() -> dict[str, str]:
    """The words of the output layer, of its cost, and of the initial states."""
    return {
        "output": say("Output"),
        "target": say("target"),
        "targetIs": say("Target at step t: {target}"),
        "otherOutputs": say("the other {n} outputs"),
        "counts": say("The loss is the mean of {n} steps' costs: {value}."),
        "countsAlone": say("It is the only cost in the loss: {value}."),
        "countsNot": say("There is no loss at this step, so this cost does not count. "
                         "The loss is {value}."),
        "infinite": say("∞: the square is larger than the largest float, 1.8·10³⁰⁸."),
        "noNumber": say("No cost: an output is not finite."),
        "tooSmall": say("The probability is too small for a float, so the cost is computed "
                        "from y:"),
        "slopeOfError": say("Output minus target, divided by the number of steps with a loss."),
        "slopeOfClasses": say("Probability minus 1 at the target, minus 0 elsewhere, divided by "
                              "the number of steps with a loss."),
        "noLoss": say("There is no loss at this step: no gradient starts here."),
        "firstFactors": say("These are the first two factors of the chain: ∂L/∂y_t and "
                            "∂y_t/∂h_t = W_y. The gradient from later steps is added in h_t."),
        "startOf": say("before the first step"),
    }  # fmt: skip


def of_the_unrolled() -> dict[str, str]:
    """The words of the timesteps side by side."""
    return _of_the_table() | {
        "tableSays": say("Unit {unit} from t = {first} to {last}: its values, its gradients, and "
                         "the norms over all units. The CSV has every timestep."),
        "label": say("Timesteps {first} to {last} side by side"),
        "shared": say("the same weights at every timestep"),
        "norm": say("‖∂L/∂{state}_t‖, from right to left"),
        "norms": say("‖∂L/∂{state}‖ at {t}: {value}"),
        "folded": say("Folded: one cell, whose state comes back to it at the next step. Unrolled, "
                      "every step has a copy of it with the same weights."),
        "terms": say("‖terms of ∂L/∂{name}‖ for the loss of step {S}; those already added are "
                     "dark"),
        "sumSoFar": say("Sum of {n} of {S} terms: norm {sum}. All of them: {total}."),
        "start": say("start"),
        "end": say("end"),
        "loss": say("cost"),
    }  # fmt: skip
