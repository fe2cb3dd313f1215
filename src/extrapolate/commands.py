"""What the commands of the command line do. Each returns its exit status."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from extrapolate import languages
from extrapolate.answers import Answers, answer_source, answer_table
from extrapolate.errors import InputError
from extrapolate.files import check_target, encode, write_text
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
from extrapolate.show.terminal import show_result, show_source, show_words, stop_sentence, watching
from extrapolate.types import TEXT

SOLVED, UNSOLVED = 0, 1
DEFAULT_SECONDS = 10.0


@dataclass(frozen=True)
class Learning:
    """The options of `learn`, as the command line gives them."""

    source: str
    target: str | None
    inputs: str | None
    apply_to: str | None
    fill: str | None
    out: str | None
    save: str | None
    force: bool
    name: str | None
    language: str | None
    words: str | None
    seconds: float | None
    programs: int | None
    memory: int
    candidates: int
    as_json: bool
    quiet: bool
    debug: bool

    def run(self) -> int:
        written = [path for path in (self.out, self.save, self.fill) if path is not None]
        _check_targets(written, self.force)
        language = _language(self.language, self.words) if self.language else None
        read = self.read(language)
        language = language or _with_words(languages.suited(read.task), self.words)
        applied = self.read_applied(read)
        result = self.search(read, language)
        program = result.program
        answers = None if program is None else self.answers(program, read, applied)
        self.show(result, read, answers if self.apply_to else None)
        if program is None:
            if written:
                _say(f"{', '.join(written)}: not written, as no program fits all examples.")
            return UNSOLVED
        self.write(program, read, answers)
        return SOLVED

    def read(self, language: Language | None) -> ReadTask:
        inputs = None if self.inputs is None else [c.strip() for c in self.inputs.split(",")]
        reads_text = None if language is None else any(TEXT in word.arg_types for word in language.words)
        as_text = None if language is None else TEXT in language.types
        read = read_task(self.source, self.target, inputs, self.name, texts=reads_text, as_text=as_text)
        if self.fill and not self.apply_to and read.table is None:
            raise InputError(f"--fill needs a table to fill in and {self.source} is none; use --apply FILE with it.")
        return read

    def read_applied(self, read: ReadTask) -> Source | None:
        """What the program is to be applied to, read before the search so that its faults are told at once."""
        if self.apply_to is None:
            return None
        if self.apply_to == self.source == STANDARD_INPUT:
            raise InputError("standard input can't be both the source and what to apply the program to.")
        applied = read_source(self.apply_to)
        if applied.kind == "table":
            for c in read.columns:
                applied.table.column(c)
        return applied

    def search(self, read: ReadTask, language: Language) -> Result:
        if self.seconds is not None and not self.seconds > 0:
            raise InputError(f"--seconds {self.seconds:g} was given; give a number above 0, or inf for no limit.")
        seconds = self.seconds or (DEFAULT_SECONDS if self.programs is None else None)
        console = _console(stderr=True)
        silent = self.quiet or (self.as_json and not console.is_terminal)
        with nullcontext() if silent else watching(console) as on_progress:
            result = learn(
                read.task,
                language=language,
                programs=self.programs,
                seconds=None if seconds is None or math.isinf(seconds) else seconds,
                memory_mb=self.memory,
                candidates=self.candidates,
                on_progress=on_progress,
            )
        if result.stop is Stop.CONTRADICTION:
            raise InputError(f"{'; '.join(result.notes[:3])}. No program can give both; correct one of them.")
        return result

    def answers(self, program: Program, read: ReadTask, applied: Source | None) -> Answers | None:
        """The answers on the file of `--apply`, else on the table itself when it is to be filled in."""
        if applied is not None:
            if applied.kind == "table":
                return answer_table(program, applied.table, read.target, read.columns or None)
            return answer_source(program, applied)
        if self.fill and read.table is not None:
            return answer_table(program, read.table, read.target, read.columns)
        return None

    def show(self, result: Result, read: ReadTask, applied: Answers | None) -> None:
        console = _console()
        printed = None if self.fill or applied is None else applied.text
        if self.as_json:
            record = result_record(result)
            record["notes"] += read.notes
            if applied is not None:
                record["applied"] = _answer_records(applied)
            _print_json(record)
        elif self.quiet:
            if result.program is None:
                _say(stop_sentence(result))
            elif printed is None:
                show_source(result.program.source, console)
        else:
            show_result(result, console)
            for note in read.notes:
                _say(f"{note}.")
        if printed is not None and not self.as_json:
            _print_text(printed if self.quiet else f"\n{printed}")

    def write(self, program: Program, read: ReadTask, answers: Answers | None) -> None:
        rows = read.task.labelled
        for note in answers.notes if answers else ():
            _say(f"{note}.")
        if self.out:
            write_text(self.out, python_module(program, rows, read.task.description), force=self.force)
        if self.save:
            save(program, self.save, [(row.inputs, row.output) for row in rows], force=self.force)
        if self.fill and answers:
            write_text(self.fill, answers.text, force=self.force)
        if not self.quiet:
            for path in (self.out, self.save, self.fill):
                if path:
                    _say(f"{path} was written.")


def learn_command(**given: Any) -> int:
    return Learning(**given).run()


def apply_command(
    *,
    program: str,
    file: str,
    target: str | None,
    fill: str | None,
    force: bool,
    words: str | None,
    as_json: bool,
    quiet: bool,
    debug: bool,
) -> int:
    _check_targets([fill] if fill else [], force)
    language = _language(read_data(program)["language"], words)
    answers = answer_source(load(program, language), read_source(file), target)
    if fill:
        write_text(fill, answers.text, force=force)
    if as_json:
        _print_json({"answers": _answer_records(answers), "notes": answers.notes})
    elif not fill:
        _print_text(answers.text)
    for note in answers.notes:
        _say(f"{note}.")
    if fill and not quiet:
        _say(f"{fill} was written.")
    return SOLVED


def words_command(*, language: str, words: str | None, as_json: bool, quiet: bool, debug: bool) -> int:
    found = _language(language, words).words
    if as_json:
        _print_json(word_records(found))
    elif quiet:
        _print_text("".join(f"{w.name}\n" for w in found))
    else:
        show_words(found, _console())
    return SOLVED


def _language(name: str, words: str | None) -> Language:
    return _with_words(languages.find(name), words)


def _with_words(language: Language, words: str | None) -> Language:
    return language.with_words(*read_words(words)) if words else language


def _check_targets(paths: Sequence[str], force: bool) -> None:
    """Refuses files that can't be written, before any time is spent on a search."""
    seen: dict[Path, str] = {}
    for path in paths:
        target = check_target(path, force=force).resolve()
        if target in seen:
            raise InputError(f"{path} was given for two different things to write; give each its own file.")
        seen[target] = path


def _console(*, stderr: bool = False) -> Console:
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def _answer_records(answers: Answers) -> list[dict[str, Any]]:
    return [{"row": number, "answer": value} for number, value in answers.values.items()]


def _print_json(data: Any) -> None:
    _print_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _print_text(text: str) -> None:
    """Writes text as it is, line ends included."""
    sys.stdout.flush()
    sys.stdout.buffer.write(encode(text))
    sys.stdout.buffer.flush()


def _say(sentence: str) -> None:
    """A remark beside the output."""
    print(sentence, file=sys.stderr)
