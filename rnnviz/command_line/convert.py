"""`rnnviz convert`: the net of a file in another format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from rnnviz.command_line.faults import wrong
from rnnviz.command_line.sources import found_in, given, net_options
from rnnviz.command_line.targets import target
from rnnviz.command_line.written import json_option, write_json
from rnnviz.core.model import Model
from rnnviz.formats.keras_objects import to_keras_weights
from rnnviz.formats.keras_written import keras_lines, keras_weights, refuse_foreign
from rnnviz.formats.saving import save
from rnnviz.formats.torch_state import to_torch_state
from rnnviz.numerics.array_files import packed, write_whole
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed

KERAS = ".weights.h5"
ENDINGS = {"rnnviz": (".npz", ".safetensors", KERAS), "torch": (".npz", ".safetensors"),
           "keras": (".npz", KERAS)}  # fmt: skip
"""`--names` → how the file may end."""
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl")
LINES = (
    "import torch, safetensors.torch\n"
    "state = safetensors.torch.load_file('{file}.safetensors')\n"
    "torch.save(state, '{file}{ending}')"
)
"""What turns the .safetensors of `--names torch` into PyTorch's own file."""


@click.command(help="""\
Write the net of the file MODEL in the format that the ending of OUT says.

.npz and .safetensors hold the whole net, and are opened again to the bit. With --names torch they
hold PyTorch's names, with --names keras an .npz holds what set_weights of Keras's layers takes:
0/0, 0/1, … of the first layer. .weights.h5 holds the weights as load_weights of Keras 3 reads
them; the lines that build the layers are printed.""")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--names", type=click.Choice(["rnnviz", "torch", "keras"]), default="rnnviz",
              show_default=True, help="Whose names the arrays have.")  # fmt: skip
@net_options
@json_option
def command(
    model: Path, out: Path, names: str, net: str | None, answers: tuple[str, ...], *, as_json: bool
) -> None:
    """Open one file, write another."""
    if out.suffix in PICKLES:
        writing = LINES.format(file=out.stem, ending=out.suffix)
        raise ValueError(
            f"{out.name} would be a pickle, which is never written: convert with --names torch to "
            f"{out.stem}.safetensors, and where PyTorch is installed\n\n{writing}"
        )
    if out.name.endswith(KERAS) and names == "torch":
        raise wrong(f"A {KERAS} file has Keras's names, got `--names torch`")
    _, one = found_in(model, net)
    made = one.model(**given(one, answers))
    file = target("OUT", out, *ENDINGS[names], apart=(model,))
    lines = keras_lines(made, str(out), one.embedding) if out.name.endswith(KERAS) else None
    if lines is not None:
        write_whole(file, keras_weights(made, one.embedding))
    elif names == "rnnviz":
        save(made, file, embedding=one.embedding, input_labels=one.input_labels,
             output_labels=one.output_labels)  # fmt: skip
    else:
        write_whole(file, _bytes(ARRAYS[names](made), out.suffix))
    if as_json:
        write_json({"file": str(out), "cell": made.cell.name, "layers": made.num_layers,
                    "directions": list(made.directions), "input_size": made.input_size,
                    "hidden_size": made.hidden_size, "parameters": made.parameter_count,
                    "dtype": str(made.dtype), "keras": lines})  # fmt: skip
    elif lines is not None:
        click.echo(lines)
    click.echo(f"{out}: {made!r}", err=True)


def _keras(model: Model) -> dict[str, Array]:
    """Layer/array → array, with those of a readout last."""
    refuse_foreign(model)
    layers = to_keras_weights(model)
    if model.readout is not None:
        layers.append([model.readout.parameters[name] for name in ("W_y", "b_y")])
    return {f"{k}/{n}": one for k, layer in enumerate(layers) for n, one in enumerate(layer)}


ARRAYS: dict[str, Callable[[Model], dict[str, Array]]] = {"torch": to_torch_state, "keras": _keras}


def _bytes(arrays: dict[str, Array], ending: str) -> bytes:
    if ending == ".npz":
        return packed(arrays)
    library = needed("safetensors.numpy", who="A .safetensors file", extra="files")
    found: bytes = library.save({name: np.ascontiguousarray(one) for name, one in arrays.items()})
    return found
