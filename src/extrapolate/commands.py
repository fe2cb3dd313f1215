"""What the commands of the command line do. Each returns its exit status."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from extrapolate import languages
from extrapolate.answers import Answers, answer_source, answer_table
from extrapolate.errors import InputError
from extrapolate.files import check_target, write_text
from extrapolate.language import Language
from extrapolate.learn import learn
from extrapolate.program import Program
from extrapolate.read.examples import ReadTask, read_task
from extrapolate.read.sources import STANDARD_INPUT, Source, read_source
from extrapolate.read.words import read_words
from extrapolate.result import Result, Stop
from extrapolate.saved import load, read_data, save
from extrapolate.show.python import python_module
from extrapolate.show.record import result_record, word_records
from extrapolate.show.terminal import show_result, show_source, show_words, watching

SOLVED, UNSOLVED = 0, 1
DEFAULT_SECONDS = 10.0


def learn_command(
    *,
    source: str,
    target: str | None,
    inputs: str | None,
    apply_to: str | None,
    fill: str | None,
    out: str | None,
    save: str | None,
    force: bool,
    name: str | None,
    language: str,
    words: str | None,
    seconds: float | None,
    programs: int | None,
    memory: int,
    candidates: int,
    as_json: bool,
    quiet: bool,
    debug: bool,
) -> int:
    ...
