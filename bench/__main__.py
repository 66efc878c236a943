"""
`python -m bench [P1 ...]`: a line a figure; ends with 1 where one falls short, 2 where it cannot run.

Lines that begin with `#` inform; the others are `ROW NAME VALUE (range, median of N) goal G ok|short`.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import sys
from collections.abc import Mapping, Sequence

import structlog

from bench.peers import PeerMissing
from bench.rows import ROWS, Row


def main(args: Sequence[str], rows: Mapping[str, Row] = ROWS) -> int:
    """
    Measure the rows named, or all; gives back the exit code.

    Args:
        args: ids of rows, in any case and order.
        rows: the table of rows.
    """
    chosen = _parse(args, rows)
    print(f"# Python {platform.python_version()}, {os.cpu_count()} cores")
    code = 0
    for name in chosen:
        row = rows[name]
        print(f"# {name}: {row.work}, beside {row.peer}", flush=True)
        try:
            measured = row.measure()
        except PeerMissing as missing:
            print(f"# {name}: {missing}")
            return 2
        for figure in measured.figures:
            print(figure.line(name))
        for remark in measured.remarks:
            print(f"# {name}: {remark}")
        if not all(figure.holds for figure in measured.figures):
            code = 1
    return code


def _parse(args: Sequence[str], rows: Mapping[str, Row]) -> list[str]:
    """The rows asked for, each once, in the order of the table; a wrong one ends with code 2."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measured beside peers.")
    parser.add_argument(
        "rows", nargs="*", type=str.upper, metavar="ROW", help=f"{' '.join(rows)}; none: all"
    )
    asked = parser.parse_args(args).rows
    if unknown := [name for name in asked if name not in rows]:
        parser.error(f"no row {' '.join(unknown)}; there are: {' '.join(rows)}")
    return [name for name in rows if name in asked or not asked]


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sys.exit(main(sys.argv[1:]))
