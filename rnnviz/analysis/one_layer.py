"""One layer and direction of a stack, as a net of its own.

The values and gradients are those of the whole net: what this layer read from the layer below, what
it recorded, and the gradient that came to its h from the layers above. Nothing is computed again.
"""

from __future__ import annotations

import numpy as np

from rnnviz.core.backward_run import arriving_at, inputs_gradient
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.core.model import Model, unchecked
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import sealed
from rnnviz.numerics.validation import frozen, instance


def one_layer(flow: GradientFlow, layer: int, direction: str | None = None) -> GradientFlow:
    """The flow of one layer (0 is the first) and direction, as of a model of that layer alone.

    Its ``trace.x`` (T, B, ·) are the layer's inputs, its ``outputs`` (T, B, H) the gradients that
    arrive at h from the loss or from above. Time runs in the order of processing: step 1 of a
    reverse direction reads the last input. The readout stays with the whole net.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> lower = rnnviz.one_layer(flow, 0)
    >>> bool((lower["r"] == flow.layer(0)["r"]).all()), lower.outputs.shape
    (True, (6, 1, 4))
    """
    instance("flow", flow, GradientFlow)
    only_one_length(flow.trace.lengths, "flow")
    own = flow.layer(layer, direction)
    at, whole = own.trace, flow.trace.model
    model = unchecked(
        Model, cell=at.cell, input_size=at.record["x"].shape[-1], hidden_size=whole.hidden_size,
        parameters=(at.parameters,), num_layers=1, bidirectional=False, readout=None,
        direction="forward", reverse_cell=None,
        initial=sealed({name: states[:1] for name, states in at.initial.items()}),
    )  # fmt: skip
    alone = LayerTrace(at.cell, at.parameters, 0, "forward", at.record)
    trace = Trace(model, frozen(at.record["x"].view()), (alone,), frozen(at.record["h"].view()))
    found = LayerFlow(alone, own.d, own.exponent, own.parameters)
    arriving = arriving_at(flow, own).true()
    inputs = inputs_gradient(GradientFlow(trace, (found,), arriving, arriving, sealed({})), 0)
    return GradientFlow(trace, (found,), frozen(arriving), frozen(inputs.true()), sealed({}))


def out_of_range(flow: GradientFlow, layer: int, direction: str | None = None) -> bool:
    """Whether a gradient that arrives at this layer is too large or too small for a float.

    What is computed from `one_layer`'s ``outputs`` lacks it; the layer's own records do not.
    """
    arriving: Scaled = arriving_at(flow, flow.layer(layer, direction))
    true = arriving.true()
    return bool((~np.isfinite(true) | ((true == 0) & (arriving.mantissa != 0))).any())
