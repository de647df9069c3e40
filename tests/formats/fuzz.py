"""Feed a parser changed files until a time is up: `python -m tests.formats.fuzz NAME --seconds 60`.

Every case is a file of `seeds` with bytes changed, put in, left out, repeated or taken from another
seed; NAME, --seed and the case's number give the same bytes again (--case 17 runs that one alone).
An end is right if it is a net, a sequence or a `Refusal` of at most 2,000 characters, without a
warning, within 2 s and 1 GB. All others are printed, once for each place in the code, with the
number of the case. The cases run in a forked process, so that a crash or a standstill of a C
library is seen and counted; for HDF5 and ONNX, which rnnviz decodes in a child process of its own,
these two are no faults of rnnviz.
"""

from __future__ import annotations

import argparse
import mmap
import os
import random
import signal
import struct
import sys
import time
import traceback
import warnings
from collections import Counter

from rnnviz.words import Refusal
from tests.formats.parsers import IN_CHILD, PARSERS, Parser

SLOW, LONGEST, MEMORY, LARGEST = 2.0, 2_000, 1_500_000_000, 4_000_000
WORDS = struct.Struct("<qd")
NUMBERS = [k.to_bytes(n, order) for n in (1, 2, 4, 8) for order in ("little", "big")
           for k in (0, 1, 2 ** (8 * n - 1) - 1, 2 ** (8 * n - 1), 2 ** (8 * n) - 1)]  # fmt: skip
TEXTS = (b"nan", b"inf", b"1e400", b"-1", b"(" * 50, b"{" * 50, b"[" * 50, b'"', b"\x00", b"\xff",
         b"\xed\xa0\x80", "\u202e\u0301﷽".encode(), b"9" * 40, b",", b"\n", b"\r\n", b"=", b"\\",
         b"h_prev", b" - ", b"1/0", b"../", b"0x")  # fmt: skip


def changed(parser: Parser, chance: random.Random) -> bytes:
    """One of the seeds with one to six changes."""
    data = bytearray(chance.choice(parser.seeds))
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        at = chance.randrange(len(data) + 1)
        wide = chance.choice([1, 1, 2, 4, 8, 60, len(data) // 2 + 1])
        match chance.randrange(8):
            case 0:
                data[at : at + wide] = b""
            case 1:
                most = max(1, LARGEST // wide)
                data[at:at] = data[at : at + wide] * min(chance.choice([1, 1, 2, 200]), most)
            case 2:
                one = chance.choice(NUMBERS)
                data[at : at + len(one)] = one
            case 3:
                data[at:at] = chance.choice((*TEXTS, *parser.texts))
            case 4:
                one = chance.choice((*TEXTS, *parser.texts))
                data[at : at + len(one)] = one
            case 5:
                other = chance.choice(parser.seeds)
                start = chance.randrange(len(other) + 1)
                data[at : at + wide] = other[start : start + wide]
            case _:
                for _ in range(chance.choice([1, 1, 1, 5, 30])):
                    if data:
                        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[:LARGEST])


def case(parser: Parser, seed: str, number: int) -> tuple[bytes, random.Random]:
    """The bytes of one case, and the chance by which its reader's choices are made."""
    chance = random.Random(f"{seed}/{number}")
    return changed(parser, chance), chance


def ended(parser: Parser, data: bytes, chance: random.Random) -> str:
    """How one case ends: "read", "refused", or what is wrong with it."""
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parser.read(data, chance)
        end = "read"
    except Refusal as refusal:
        end = "refused" if len(str(refusal)) <= LONGEST else f"{len(str(refusal))} characters"
    except BaseException as error:
        places = [f"{os.path.basename(one.filename)}:{one.lineno}"
                  for one in traceback.extract_tb(error.__traceback__)]  # fmt: skip
        end = f"{type(error).__name__}: {str(error)[:200]} at {' '.join(places[-4:])}"
    took = time.process_time() - start
    return end if took <= SLOW else f"more than {SLOW:.0f} s ({end[:20]})"


def run(name: str, seconds: float, seed: str, first: int = 0) -> Counter[str]:
    """Count the ends of cases from ``first`` on, until ``seconds`` have gone by."""
    parser, until, number = PARSERS[name], time.monotonic() + seconds, first
    found: Counter[str] = Counter()
    shared, (read, write) = mmap.mmap(-1, 64), os.pipe()
    while time.monotonic() < until:
        child = os.fork()
        if not child:
            os.close(read)
            _cases(parser, seed, number, until, shared, write)
        killed, left = False, b""
        shared[:16] = WORDS.pack(number, time.monotonic())
        os.set_blocking(read, False)
        while not os.waitpid(child, os.WNOHANG)[0]:
            left = _told(read, left, found)
            since = WORDS.unpack(shared[:16])[1]
            if time.monotonic() - since > 5 * SLOW:
                os.kill(child, signal.SIGKILL)
                killed = True
            time.sleep(0.02)
        _told(read, left, found)
        number = WORDS.unpack(shared[:16])[0]
        if time.monotonic() < until or killed:
            _count(found, "standstill" if killed else "crash", number)
        number += 1
    found["cases"] = number - first
    return found


def _told(read: int, left: bytes, found: Counter[str]) -> bytes:
    """Count what the process wrote; gives the part of a line that is not ended."""
    try:
        left += os.read(read, 1 << 20)
    except BlockingIOError:
        return left
    *lines, left = left.split(b"\n")
    for line in lines:
        number, _, end = line.decode("utf-8", "replace").partition(" ")
        _count(found, end, int(number))
    return left


def _count(found: Counter[str], end: str, number: int) -> None:
    if end not in found and end not in ("read", "refused"):
        print(f"  case {number}: {end}", flush=True)
    found[end] += 1


def _cases(
    parser: Parser, seed: str, number: int, until: float, shared: mmap.mmap, write: int
) -> None:
    """Run cases in this process, and say of each how it ended."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    while time.monotonic() < until:
        shared[:16] = WORDS.pack(number, time.monotonic())
        end = ended(parser, *case(parser, seed, number)).replace("\n", " ")
        os.write(write, f"{number} {end}\n".encode("utf-8", "replace"))
        number += 1
    os._exit(0)


def main() -> None:
    """Fuzz one parser, or all for as long each."""
    plain = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    options.add_argument("name", choices=[*PARSERS, "all"])
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", default="0")
    options.add_argument("--case", type=int, help="run this case alone and show its traceback")
    options.add_argument("--first", type=int, default=0)
    told = options.parse_args()
    if told.case is not None:
        data, chance = case(PARSERS[told.name], told.seed, told.case)
        sys.stdout.write(f"{data[:300]!r}\n")
        PARSERS[told.name].read(data, chance)
        return
    for name in PARSERS if told.name == "all" else (told.name,):
        print(f"{name}:", flush=True)
        found = run(name, told.seconds, told.seed, told.first)
        cases = found.pop("cases")
        ends = ", ".join(f"{count} {end}" for end, count in found.most_common())
        print(f"{name}: {cases} cases: {ends}", flush=True)
        if name in IN_CHILD:
            print("  (crash, standstill: in rnnviz they end a child process)")


if __name__ == "__main__":
    main()
