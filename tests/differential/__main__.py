"""Ask many random questions of the three engines.

    python -m tests.differential --examples 5000

The documents are others each time; the number that is printed draws the same ones again.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

import pytest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--number", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    os.environ["SIEMLAB_DIFFERENTIAL"] = str(options.examples)
    os.environ["SIEMLAB_DIFFERENTIAL_NUMBER"] = str(options.number)
    print(f"{options.examples} examples on documents number {options.number}", flush=True)
    tests = Path(__file__).parent / "test_engines_agree.py"
    return int(pytest.main(["-q", str(tests), f"--hypothesis-seed={options.number}"]))


if __name__ == "__main__":
    sys.exit(main())
