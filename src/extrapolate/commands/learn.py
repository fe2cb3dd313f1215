"""What the commands of the command line do. Each returns its exit status."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extrapolate import languages
from extrapolate.commands.answers import Answers, answer_source, answer_table
from extrapolate.commands.asking import asked
from extrapolate.commands.output import names_in, plain_console, print_json, print_text, say, say_all
from extrapolate.commands.parquet import fill_parquet
from extrapolate.commands.readings import learned
from extrapolate.core.errors import InputError, require_package
from extrapolate.core.files import check_target, write_text, written
from extrapolate.core.language import Language
from extrapolate.core.program import Program
from extrapolate.core.result import Budget, Candidate, Result, Stop
from extrapolate.core.saved import loaded, read_data, save
from extrapolate.core.types import TEXT
from extrapolate.core.units import header_named
from extrapolate.core.word import Primitive
from extrapolate.learn import REGRESSION, learn
from extrapolate.read.answers import read_answers
from extrapolate.read.cells import text_of
from extrapolate.read.examples import ReadTask, read_task
from extrapolate.read.parquet import is_parquet
from extrapolate.read.sources import EXCEL, STANDARD_INPUT, Form, Source, form_of, read_source
from extrapolate.read.units import read_units
from extrapolate.read.words import read_words
from extrapolate.regression.law import Fit, Law
from extrapolate.show.python import python_module
from extrapolate.show.record import result_record, word_records
from extrapolate.show.tables import show_source
from extrapolate.show.terminal import doubt_sentence, show_result, show_words, stop_sentence, watching

SOLVED, UNSOLVED = 0, 1
DEFAULT_SECONDS = 10.0
# Why nothing is written.
NO_PROGRAM = "as no program fits all examples"
OFFERED = "as the rows can't tell whether the law that fits them holds; give --accept to fill in with it"


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
    units: str | None
    no_units: bool
    no_dimensional_constants: bool
    constants: str | None
    forms: tuple[str, ...]
    rivals: bool
    use: str | None
    without: str | None
    front: str | None
    errors: str | None
    answered: tuple[str, ...]
    ask: bool
    accept: bool
    sure: bool
    doubts: str | None
    encoding: str | None
    delimiter: str | None
    skip_rows: int
    sheet: str | None
    latex: bool
    plot: str | None
    baseline: str | None
    as_json: bool
    quiet: bool
    debug: bool

    def run(self) -> int:
        targets = [path for path in (self.out, self.save, self.fill, self.plot, self.front) if path is not None]
        _check_targets(targets, self.force)
        self.check_options()
        language = self.chosen_language()
        words = read_words(self.words) if self.words else []
        read = self.read(language)
        applied = self.read_applied()
        read, result = self.found(read, language, words)
        if self.ask:
            read, result = self.asked(read, result)
        # A law is shown and used whatever it leaves, with the status of what is not solved where it does not fit; one
        # that nobody asked for fills in nothing, unless it fits, or leaves noise and is accepted.
        law = result.candidates[0] if result.candidates and isinstance(result.candidates[0], Law) else None
        is_offered = law is not None and law.leaves_noise
        is_law = law is not None and (result.asked or not self.fill or law.fits or (is_offered and self.accept))
        is_law = is_law and not (self.fill and tells_nothing(result.candidates[0]))
        program = result.candidates[0].program if is_law else result.program
        answers = None if program is None else self.answers(program, result, read, applied, is_law)
        if program is not None:
            self.write(program, read, result, answers)
        self.show(result, program, read, answers if self.apply_to else None)
        say_all(answers.notes if answers else ())
        if program is not None and not is_law and result.unsure and read.table is not None and not self.as_json:
            say(doubt_sentence(result, left=self.left(result) if self.fill else set()))
        if program is None:
            if targets:
                say(f"{', '.join(targets)}: not written, {OFFERED if is_offered else NO_PROGRAM}.")
            return UNSOLVED
        if not self.quiet:
            for path in targets:
                say(f"{path} was written.")
        return SOLVED if result.solved or result.fitted else UNSOLVED

    def check_options(self) -> None:
        if self.doubts is not None and self.fill is None:
            raise InputError(f"--doubts {self.doubts} was given without a table to write; give --fill FILE too.")
        if self.doubts is not None and self.apply_to is not None:
            raise InputError("--doubts is for the table that is learned from; leave it out with --apply.")
        _check_form(self.fill, self.of_parquet)
        if self.of_parquet and self.apply_to is not None and self.fill is None:
            raise InputError(f"the answers on {self.apply_to} are written to a file; give --fill OUT.parquet.")
        if self.of_parquet and (self.sure or self.doubts is not None):
            raise InputError("--sure and --doubts are for tables that are looked at row by row; leave them out here.")
        if self.ask and self.source == STANDARD_INPUT:
            raise InputError("--ask reads the answers from standard input, which is the source too; give a file.")
        if self.units is not None and self.no_units:
            raise InputError("--units and --no-units were both given; give one of them.")
        if self.baseline is not None and self.plot is None:
            raise InputError(f"--baseline {self.baseline} was given without a plot; give --plot FILE.png too.")
        if self.plot is not None:
            from extrapolate.show.plot import check_format  # Matplotlib is loaded when something is drawn

            require_package("matplotlib", "a plot", "plot")
            check_format(self.plot)
        if self.front is not None:
            from extrapolate.show.front import TABLE, check_front

            check_front(self.front)
            if not self.front.lower().endswith(TABLE):
                require_package("matplotlib", "a picture", "plot")
        if self.rivals and not self.forms:
            raise InputError("--rivals was given without a form that they are rivals of; give --form FORM too.")
        if self.baseline is not None:
            require_package("sklearn", "a baseline", "sklearn")

    def chosen_language(self) -> Language | None:
        """The language that is named, or that of laws where an option is of use to no other; None where it is open."""
        of_laws = self.options_of_laws()
        language = languages.find(self.language or "laws") if self.language or of_laws else None
        if of_laws and language is not None and language.method != REGRESSION:
            raise InputError(f"{', '.join(of_laws)} is for laws and the language is {language.name}; leave it out.")
        return language

    def options_of_laws(self) -> list[str]:
        given = {
            "--units": self.units,
            "--constants": self.constants,
            "--form": self.forms or None,
            "--use": self.use,
            "--front": self.front,
            "--errors": self.errors,
            "--latex": self.latex or None,
            "--plot": self.plot,
        }
        return [option for option, value in given.items() if value is not None]

    def read(self, language: Language | None) -> ReadTask:
        inputs = None if self.inputs is None else names_in(self.inputs)
        reads_text = None if language is None else language.reads(TEXT)
        as_text = None if language is None else TEXT in language.types
        read = read_task(
            self.source,
            self.target,
            inputs,
            self.name,
            texts=reads_text,
            as_text=as_text,
            errors=self.errors,
            form=self.form,
            told=read_answers(self.answered),
        )
        if self.fill and not self.apply_to and read.table is None:
            raise InputError(f"--fill needs a table to fill in and {self.source} is none; use --apply FILE with it.")
        if read.table is not None and self.doubts in read.table.columns:
            raise InputError(f"--doubts {self.doubts} names a column that is there already; give a new name.")
        return read

    def read_applied(self) -> Source | None:
        """What the program is to be applied to, read before the search so that its faults are told at once."""
        if self.apply_to is None:
            return None
        if self.apply_to == self.source == STANDARD_INPUT:
            raise InputError("standard input can't be both the source and what to apply the program to.")
        return read_source(self.apply_to, self.form)

    @property
    def form(self) -> Form:
        """How tables are written."""
        return form_of(self.encoding, self.delimiter, self.skip_rows, self.sheet)

    def found(self, read: ReadTask, language: Language | None, words: Sequence[Primitive]) -> tuple[ReadTask, Result]:
        """What was learned, and from which of the ways to read the source."""
        if self.seconds is not None and not self.seconds > 0:
            raise InputError(f"--seconds {self.seconds:g} was given; give a number above 0, or inf for no limit.")
        seconds = self.seconds or (DEFAULT_SECONDS if self.programs is None else None)
        budget = Budget(self.programs, seconds)
        reading, result = learned(read, budget, lambda other, share: self.search(other, language, words, share))
        if result.stop is Stop.CONTRADICTION:
            raise InputError(f"{'; '.join(result.notes[:3])}. No program can give both; correct one of them.")
        return reading, result

    def asked(self, read: ReadTask, result: Result) -> tuple[ReadTask, Result]:
        """What is learned with the answers to questions, which are asked one by one."""
        result, told = asked(result, plain_console(stderr=True))
        if told and read.table is not None and read.target is not None:
            cells = {number: text_of(value, result.task.output) for number, value in told.items()}
            read = replace(read, table=read.table.told(read.target, cells))
        return read, result

    def search(self, read: ReadTask, language: Language | None, words: Sequence[Primitive], budget: Budget) -> Result:
        console = plain_console(stderr=True)
        silent = self.quiet or (self.as_json and not console.is_terminal)
        with nullcontext() if silent else watching(console) as on_progress:
            result = learn(
                read.task,
                language=language,
                words=words,
                units={} if self.no_units else read_units(self.units) if self.units is not None else None,
                constants=names_in(self.constants or ""),
                dimensional_constants=not self.no_dimensional_constants,
                form=self.forms,
                rivals=self.rivals,
                using=names_in(self.use or ""),
                without=names_in(self.without or ""),
                front=self.front is not None,
                programs=budget.programs,
                seconds=None if budget.seconds is None or math.isinf(budget.seconds) else budget.seconds,
                memory_mb=self.memory,
                candidates=self.candidates,
                on_progress=on_progress,
            )
        return result

    def answers(
        self, program: Program, result: Result, read: ReadTask, applied: Source | None, measured: bool
    ) -> Answers | None:
        """The answers on the file of `--apply`, else on the table itself when it is to be filled in."""
        columns = self.headers(result, read) if read.columns else None
        if applied is not None:
            if applied.kind == "table":
                return answer_table(program, applied.table, read.target, columns, measured=measured)
            return answer_source(program, applied)
        if self.fill and read.table is not None and not self.of_parquet:
            doubts = (self.doubts, result.unsure) if self.doubts else None
            return answer_table(
                program, read.table, read.target, columns, measured=measured, leave=self.left(result), doubts=doubts
            )
        return None

    @property
    def of_parquet(self) -> bool:
        """Whether what is to be filled in is a Parquet file, which is written as a stream."""
        return is_parquet(self.apply_to or self.source)

    def fill_parquet(self, program: Program, result: Result, read: ReadTask) -> None:
        assert self.fill is not None
        if self.left(result):
            raise InputError(
                f"{self.fill} is not written, as the program is long for its examples and was not looked at; "
                "give --accept to fill in with it, or one more example."
            )
        headers = None if self.apply_to else self.headers(result, read)
        path = self.apply_to or self.source
        say_all(fill_parquet(program, path, self.fill, read.target, headers, force=self.force).notes)

    def left(self, result: Result) -> set[int]:
        """The rows that are not filled in: those of which nobody is sure, where that is asked for, and those of a
        program that is too long for its examples to be used before somebody has looked at it."""
        if self.sure:
            return set(result.unsure)
        best = result.candidates[0]
        if isinstance(best, Law) and not self.accept:
            return {doubt.row.number for doubt in result.doubts}
        is_offered = best.solves and best.is_long(result.task.evidence) and not self.accept
        return {d.row.number for d in result.doubts} if is_offered else set()

    @staticmethod
    def headers(result: Result, read: ReadTask) -> list[str]:
        """The headers of the columns that are the inputs of the task; with units, they are named without them."""
        return [header_named(c, read.columns) or c for c in result.task.columns]

    def show(self, result: Result, program: Program | None, read: ReadTask, applied: Answers | None) -> None:
        console = plain_console()
        printed = None if self.fill or applied is None else applied.text
        latex = program.latex() if self.latex and program is not None else None
        if self.as_json:
            record = result_record(result)
            if applied is not None:
                record["applied"] = _answer_records(applied)
            print_json(record)
        elif self.quiet:
            if program is None:
                say(stop_sentence(result))
            elif printed is None:
                show_source(latex or program.source, console)
        else:
            show_result(result, console, latex)
        if printed is not None and not self.as_json:
            print_text(printed if self.quiet else f"\n{printed}")

    def write(self, program: Program, read: ReadTask, result: Result, answers: Answers | None) -> None:
        rows = result.task.labelled
        if self.out:
            measured = isinstance(result.candidates[0], Law)
            module = python_module(program, rows, read.task.description, measured=measured)
            write_text(self.out, module, force=self.force)
        if self.save:
            save(program, self.save, [(row.inputs, row.output) for row in rows], force=self.force)
        if self.fill and self.of_parquet:
            self.fill_parquet(program, result, read)
        elif self.fill and answers:
            write_text(self.fill, answers.text, force=self.force)
        if self.plot:
            self.draw(result, self.plot)
        if self.front:
            from extrapolate.show.front import write_front

            with written(self.front, force=self.force) as temporary:
                write_front(result, temporary)

    def draw(self, result: Result, path: str) -> None:
        from extrapolate.show.plot import plot_law

        with written(path, force=self.force) as temporary:
            plot_law(result, temporary, baseline=self.baseline)


def tells_nothing(candidate: Candidate) -> bool:
    """Whether a law explains nothing of the target, so that it is no answer for an empty cell."""
    return isinstance(candidate, Law) and candidate.fit is Fit.NOTHING


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
    encoding: str | None,
    delimiter: str | None,
    skip_rows: int,
    sheet: str | None,
    as_json: bool,
    quiet: bool,
    debug: bool,
) -> int:
    _check_targets([fill] if fill else [], force)
    _check_form(fill, is_parquet(file))
    data = read_data(program)
    language = _language(data["language"], words)
    measured = language.method == REGRESSION
    form = form_of(encoding, delimiter, skip_rows, sheet)
    if is_parquet(file):
        return _apply_to_parquet(loaded(data, program, language), file, fill, target, force=force, quiet=quiet)
    answers = answer_source(loaded(data, program, language), read_source(file, form), target, measured=measured)
    if fill:
        write_text(fill, answers.text, force=force)
    if as_json:
        print_json({"answers": _answer_records(answers), "notes": answers.notes})
    elif not fill:
        print_text(answers.text)
    say_all(answers.notes)
    if fill and not quiet:
        say(f"{fill} was written.")
    return SOLVED


def _apply_to_parquet(
    program: Program, file: str, fill: str | None, target: str | None, *, force: bool, quiet: bool
) -> int:
    if fill is None:
        raise InputError(f"the answers on {file} are written to a file; give --fill OUT.parquet.")
    say_all(fill_parquet(program, file, fill, target, force=force).notes)
    if not quiet:
        say(f"{fill} was written.")
    return SOLVED


def words_command(*, language: str, words: str | None, as_json: bool, quiet: bool, debug: bool) -> int:
    found = _language(language, words).words
    if as_json:
        print_json(word_records(found))
    elif quiet:
        print_text("".join(f"{w.name}\n" for w in found))
    else:
        show_words(found, plain_console())
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


def _check_form(fill: str | None, of_parquet: bool) -> None:
    """Refuses the name of a file to fill in that says something else than is written."""
    if fill is not None and fill.lower().endswith(EXCEL):
        raise InputError(f"--fill {fill} names an Excel file, which is not written; give FILE.csv.")
    if fill is not None and is_parquet(fill) != of_parquet:
        raise InputError(f"--fill {fill} was given; a table is written as a table and a Parquet file as one.")


def _answer_records(answers: Answers) -> list[dict[str, Any]]:
    return [{"row": number, "answer": value} for number, value in answers.values.items()]
