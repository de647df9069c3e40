"""The largest files, arrays and nets that are opened."""

MEGA = 1_000_000

FILE_BYTES = 64 * MEGA
"""Bytes of a file."""
ARRAYS = 2_000
"""Arrays in a file, or members of an archive."""
DECODED_BYTES = 256 * MEGA
"""Bytes of all arrays of a file together, decompressed."""
DECODED_NUMBERS = 64 * MEGA
"""Numbers in all arrays of a file together."""
ARRAY_NUMBERS = 16 * MEGA
"""Numbers in one array."""
RATIO, RATIO_FROM = 200, MEGA
"""Decompressed bytes per stored byte, for members of more than RATIO_FROM bytes decompressed."""
NAME_CHARACTERS = 256
"""Characters of an array's name."""
LABELS = 65_536
"""Texts that name inputs or outputs."""
HEADER_BYTES = MEGA
"""Bytes of the header of a .safetensors file."""
ARRAY_HEADER_BYTES = 4_096
"""Bytes of the header of one array in a .npz file."""
CONFIG_BYTES = 4 * MEGA
"""Bytes of a Keras model's config.json."""
JSON_BYTES = 6 * MEGA
"""Bytes of a JSON file."""
DEPTH = 16
"""How deep lists, groups or subgraphs may stand in each other."""

HIDDEN = 2_048
"""Hidden units of a layer."""
INPUTS = 8_192
"""Inputs of a net, and outputs of its readout."""
NETS = 128
"""Recurrent layers of a Keras file, recurrent nodes of an ONNX file."""
LAYERS = 16
"""Layers of a stack."""
STEPS, BATCH = 10_000, 256
"""Timesteps and examples of a sequence."""

ONNX_NODES = 100_000
"""Nodes of an ONNX graph with its subgraphs."""
CHILD_BYTES, CHILD_SECONDS = 1_000 * MEGA, 20
"""Memory and time of the process in which HDF5 and ONNX files are parsed, whatever their size."""
PARSE_SECONDS, PARSE_SECONDS_A_MB = 0.7, 0.25
"""Processor time for parsing them, for every file and for every MB of it. Files of as many parts as
are allowed take less than a tenth of a second a MB and 0.1 s; damaged ones may never end."""
DESCRIPTION_BYTES = 32 * MEGA
"""Bytes of all that such a file says beside its arrays."""

FLOATS = ("float16", "float32", "float64", "bfloat16")
"""The types of numbers that weights may have; the short ones are widened to float32."""

TEXT_CHARACTERS = 5_000
"""Characters of a text that is read as a sequence."""
TABLE_BYTES, TABLE_COLUMNS, TABLE_ROWS, TABLE_FIELDS = 20 * MEGA, 4_096, 200_000, MEGA
"""Bytes, columns, rows and fields of a table."""
NUMBER_CHARACTERS = 64
"""Characters of a number in a table."""
RATES, BANDS = (8_000, 48_000), 128
"""Samples a second of sound, least and most, and the most bands of its features."""
LOUDEST = MEGA
"""The largest sample of sound in floating-point numbers, of which the usual ones lie within ±1."""
