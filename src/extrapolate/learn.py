"""Learn: from examples to a ranked result.

Every language that a task may be written in is tried, the likelier first, under one budget, and what they find
competes.

>>> result = learn([([3, 1, 2], [1, 2, 3]), ([5, 5, 4], [4, 5, 5])])
>>> result.program([9, 8, 7])
[7, 8, 9]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import entry_points
from time import perf_counter
from typing import Any

from extrapolate import languages
from extrapolate.core.errors import InputError
from extrapolate.core.expression import Apply, walk
from extrapolate.core.frames import frame_task, is_frame
from extrapolate.core.hints import did_you_mean
from extrapolate.core.language import Language
from extrapolate.core.method import Method, Request
from extrapolate.core.program import Program
from extrapolate.core.reader import Reader
from extrapolate.core.result import Budget, Counts, Progress, Result, Stop
from extrapolate.core.task import Task
from extrapolate.core.types import FLOAT
from extrapolate.core.word import Primitive
from extrapolate.search.rank import WEIGHTS, row_counters, unused_inputs

# A language that is at least so likely competes with one that has found a program; it may try so many.
RIVAL, RIVAL_PROGRAMS = 0.5, 10_000
# Where what was found costs more than that, a language that is less likely competes with what costs less than that, and
# any may try so many.
DEAR, RIVAL_PROGRAMS_OF_LONG = 15, 100_000
# A law of few rows may take so much of what is left.
MOST_OF_FEW = 0.4
# Another language may take so much of it before laws are looked for in many rows.
BEFORE_LAWS = 0.25
# Fewer rows are looked at in every language, whatever law fits them.
MEASUREMENTS = 15
# Numbers that are not whole, in so many rows, are measurements where no program gives them.
LEAST_MEASUREMENTS = 8
# So many pairs of rows with equal inputs are no slip: they are measured again and again.
REPEATED = 3


def learn(
    examples: Task | Iterable[Sequence[Any]] | Any,
    *,
    target: str | None = None,
    language: Language | str | None = None,
    names: Sequence[str] | None = None,
    name: str | None = None,
    words: Sequence[Primitive | Program] = (),
    units: Mapping[str, str] | None = None,
    constants: Sequence[str] = (),
    dimensional_constants: bool = True,
    form: str | Sequence[str] = (),
    rivals: bool = False,
    using: Sequence[str] = (),
    without: Sequence[str] = (),
    front: bool = False,
    programs: int | None = None,
    seconds: float | None = 10.0,
    memory_mb: int = 1500,
    candidates: int = 5,
    on_progress: Callable[[Progress], None] | None = None,
    known: Sequence[Program] = (),
) -> Result:
    """The programs that satisfy the examples, best first, with why the search stopped and what it counted.

    `examples` is a `Task` or `(input, output)` pairs; several inputs are a tuple, an output of None is left open. Or it
    is a data frame of pandas or polars whose column `target` has some cells filled in: those are the examples.
    Without a `language`, all that fit the task are tried under one budget, the likelier first: a program that is right
    on every row beats a law that misses some, and of two the shorter one is taken. `known` are programs to start from.
    Laws heed `units`, by the name of the column or input, as in `{"L": "m", "g": "m/s^2"}`, and those in headers such
    as `period [yr]`; `{}` leaves them out. `constants` are physical constants that may stand in a law: `["G", "c"]`.
    Where no law of the dimensions of its columns alone fits, its constants take the units that are missing, unless
    `dimensional_constants` is False. With a `form`, as "Vmax * S / (Km + S)", or several, no law is looked for: names
    in it that are no columns are constants, which are fitted without starts and listed by name; with `rivals`, laws are
    looked for too and ranked with them. `using` are inputs that a law must use, `without` words that no program may
    have, as ["sin", "cos"]. With a `front` the candidates are, beside the best, those laws of which none is shorter
    and closer: see `Result.front` and `Result.frame`.
    `programs`, `seconds` and `memory_mb` bound the search: with `seconds=None` and a number of programs the answer
    is the same on every machine. InputError for examples that can't be used; an unsolved task is a Result.
    """
    start = perf_counter()
    task = task_of(examples, target, names, name)
    if units is not None:
        task = task.with_units(units)
    constants = [constants] if isinstance(constants, str) else list(constants)
    budget = _checked(Budget(programs, seconds, memory_mb))
    if not isinstance(candidates, int) or candidates < 1:
        raise InputError(f"candidates={candidates!r} was given; give a whole number above 0.")
    forms = [form] if isinstance(form, str) else form
    if not isinstance(forms, Sequence) or not all(isinstance(text, str) for text in forms):
        raise InputError(f"form={form!r} was given; give a text such as 'a * exp(-b * x) + c', or several.")
    using, without = ([given] if isinstance(given, str) else list(given or ()) for given in (using, without))
    about_laws = bool(units or constants or task.errors or forms or using or front)
    if using and forms and not rivals:
        raise InputError("using is for laws that are looked for; a form says itself what it uses.")
    if rivals and not forms:
        raise InputError("rivals=True was given without a form that they are rivals of; give form='a * x ** b' too.")
    if language is None:
        tried = [languages.find("laws")] if about_laws or task.has_units else languages.suited(task)
    else:
        tried = [languages.find(language) if isinstance(language, str) else language]
        if about_laws and tried[0].method != REGRESSION:
            raise InputError(
                f"the language {tried[0].name} knows no units, constants, forms, inputs to be used and fronts; leave "
                "them out, or use laws."
            )
    if words:
        tried = [language.with_words(*words) for language in tried]
    if without:
        every = sorted({word.name for language in tried for word in language.words})
        known = [program for program in known if not names_of_words(program).intersection(without)]
        for word in without:
            if word not in every:
                raise InputError(f"without={word!r} names no word; {did_you_mean(word, every, 'words')}")
        tried = [language.without(*(word for word in without if word in language)) for language in tried]
    left = budget.after(Counts(seconds=perf_counter() - start))
    request = Request(
        task,
        tried[0],
        left,
        candidates,
        on_progress,
        known,
        constants,
        dimensional_constants=dimensional_constants,
        forms=forms,
        rivals=rivals,
        using=frozenset(using),
        front=front,
    )
    asked = (
        about_laws
        or units is not None
        or (language is not None and tried[0].method == REGRESSION)
        or bool(task.has_units)
    )
    solve = run if language is not None else partial(competition, languages=tried)
    if any(isinstance(word.function, Reader) for word in request.language.words):
        from extrapolate.nets.misreadings import learned_with_doubt

        solve = partial(learned_with_doubt, solve)
    result = solve(request)
    result = checked_on_left_out(result)
    options = {"language": language, "words": words, "constants": constants, "candidates": candidates}
    options |= {"dimensional_constants": dimensional_constants, "form": list(forms), "rivals": rivals}
    options |= {"using": list(using), "without": list(without), "front": front}
    limits = {"programs": programs, "seconds": seconds, "memory_mb": memory_mb}
    notes = list(dict.fromkeys((*task.notes, *result.notes)))
    return replace(result, notes=notes, asked=asked, relearn=partial(_again, {**options, **limits}))


def names_of_words(program: Program) -> set[str]:
    return {part.word.name for part in walk(program.expr) if isinstance(part, Apply)}


def checked_on_left_out(result: Result) -> Result:
    """The result with the rows among what the candidates miss that were no examples, as a cell of theirs is blank, but
    have all that a candidate needs; those that miss none come first."""
    candidates = []
    for c in result.candidates:
        given = [(row, c.program.answer(row.inputs)) for row in result.task.left_out]
        missed = [row for row, answer in given if answer is not None and not c.agree(answer, row.output)]
        candidates.append(replace(c, missed=(*c.missed, *missed)) if missed else c)
    best = sorted(candidates, key=lambda c: not c.solves) if result.solved else candidates
    return replace(result, candidates=tuple(best))


def run(request: Request) -> Result:
    """What the method of the language makes of a request."""
    return method_of(request.language)(request)


REGRESSION = "regression"


def method_of(language: Language) -> Method:
    """The method that a language names; InputError for one that is not there. Loaded when it is first used."""
    if language.method == "synthesis":
        from extrapolate.regression.move import Laws
        from extrapolate.search.method import learn as synthesis
        from extrapolate.search.moves import MOVES

        return partial(synthesis, moves=(*MOVES, Laws))
    if language.method == REGRESSION:
        from extrapolate.regression.method import learn as regression

        return regression
    for entry in entry_points(group="extrapolate.methods", name=language.method):
        method: Method = entry.load()
        return method
    raise InputError(f"the language {language.name} is learned by the method {language.method!r}, which is not there.")


def competition(request: Request, languages: Sequence[Language]) -> Result:
    """What several languages make of a request, of which the best is taken."""
    return Competition(request, languages).run()


@dataclass
class Competition:
    """Several languages for one task, the likelier first, under one budget."""

    request: Request
    languages: Sequence[Language]

    def run(self) -> Result:
        start, spent = perf_counter(), Counts()
        best: Result | None = None
        contradiction: Result | None = None
        law: Result | None = None
        task = self.request.task
        likely = [language.likelihood(task) for language in self.languages]
        for i, language in enumerate(self.languages):
            left = self.request.budget.after(replace(spent, seconds=perf_counter() - start))
            if best is not None and best.stop is Stop.INTERRUPTED:
                break
            narrowed, notes = narrowed_to(language, task)
            request = replace(self.request, task=narrowed, language=language)
            if best is not None and best.candidates and (best.solved or self.describes(best)):
                is_long = best.solved and best.candidates[0].cost > DEAR
                few = not best.solved and not self.is_measured
                if best.solved and likely[i] < RIVAL and not is_long:
                    continue
                left = left.at_most(RIVAL_PROGRAMS_OF_LONG if is_long or few else RIVAL_PROGRAMS)
                if best.solved:
                    dearest = price(best) if likely[i] >= RIVAL else min(price(best), DEAR)
                    request = replace(request, dearest=dearest)
            elif i + 1 < len(self.languages) and not (language.method == REGRESSION and self.is_measured):
                left = left.share(min(likely[i] / sum(likely[i:]), self.most_of(i, likely)))
            if left.is_spent:
                continue
            try:
                result = run(replace(request, budget=left))
            except InputError:
                if best is None:
                    raise
                continue  # what the likeliest language could read is no fault of the task
            if result.stop is Stop.CONTRADICTION:
                contradiction = result if best is None else contradiction
                continue
            spent = spent + result.counts
            if language.method == REGRESSION and narrowed is task:
                law = result
            result = replace(result, notes=(*notes, *result.notes))
            short = result.solved and (best is None or not best.solved or result.candidates[0].cost <= DEAR)
            likely_enough = short or likely[i] >= RIVAL
            best = result if best is None or (likely_enough and beats(result, best)) else best
        if best is not None and tells(best):
            contradiction = law = None
        if law is not None and self.is_of_use(law, contradiction or best):
            slips = contradiction.notes[:1] if contradiction and len(task.contradictions) < REPEATED else ()
            best = replace(law, notes=(*law.notes, *slips))
        elif contradiction is not None:
            return contradiction
        if best is None:
            return run(self.request)
        spent = replace(spent, seconds=perf_counter() - start)
        stop = best.stop
        if stop in (Stop.PROGRAMS, Stop.SECONDS) and not self.request.budget.after(spent).is_spent:
            stop = Stop.SHARE
        return replace(best, counts=spent, stop=stop)

    def most_of(self, place: int, likely: Sequence[float]) -> float:
        """The largest share of what is left that the language in a place may take, from how likely all of them are."""
        if self.languages[place].method == REGRESSION:
            return MOST_OF_FEW
        later = zip(self.languages[place + 1 :], likely[place + 1 :], strict=True)
        is_before_laws = self.is_measured and any(own.method == REGRESSION and n >= RIVAL for own, n in later)
        return BEFORE_LAWS if is_before_laws else 1.0

    @property
    def is_measured(self) -> bool:
        """Whether there are many rows, of which a law is found or not before long."""
        return len(self.request.task.labelled) >= MEASUREMENTS

    def is_of_use(self, law: Result, other: Result | None) -> bool:
        """Whether what a law says of rows is of more use than another result that does not give them: there are many,
        or some of numbers that are not whole; and no program gives most of them. Of rows that contradict each other it
        is where it comes near, or where there are many of those."""
        task = self.request.task
        are_measurements = self.is_measured or (task.output == FLOAT and len(task.labelled) >= LEAST_MEASUREMENTS)
        if not law.candidates or not are_measurements:
            return False
        if other is not None and other.stop is Stop.CONTRADICTION:
            return law.candidates[0].is_near or len(task.contradictions) >= REPEATED
        missed = other.candidates[0].missed if other is not None and other.candidates else task.labelled
        return 2 * len(missed) > len(task.labelled)

    def describes(self, result: Result) -> bool:
        """Whether a fit is one to measurements, for which a program that is right on all is seldom meant: to many rows,
        or to numbers that are not whole."""
        return result.candidates[0].fits and (self.is_measured or self.request.task.output == FLOAT)


def tells(result: Result) -> bool:
    """Whether the best that was found gives all rows, or what it leaves of them is noise."""
    return result.solved or bool(result.candidates and result.candidates[0].fits)


def beats(new: Result, old: Result) -> bool:
    """Whether a result is to be preferred: right on all rows before a fit, a fit before neither, what comes near
    every row before what doesn't, one that uses
    an input before a constant, then the shorter."""
    if not (new.candidates and old.candidates):
        return bool(new.candidates) and new.candidates[0].fits
    best = [result.candidates[0] for result in (new, old)]
    ranks = [(not c.solves, not c.fits, not c.is_near, c.program.is_constant) for c in best]
    return ranks[0] < ranks[1] or (ranks[0] == ranks[1] and new.solved and price(new) < price(old))


def price(result: Result) -> int:
    """What the best program costs, with what it costs to leave inputs out, and to use one that only counts the rows."""
    program = result.candidates[0].program
    unused = unused_inputs(len(result.task.inputs), len(program.places))
    counters = len({v.name for v in program.used} & row_counters(result.task))
    return program.cost + int(WEIGHTS["unused inputs"] * unused + WEIGHTS["row counters"] * counters)


def narrowed_to(language: Language, task: Task) -> tuple[Task, list[str]]:
    """The task of the inputs that a language can read, and what is to be said of the others."""
    places = [i for i, v in enumerate(task.inputs) if language.reads(v.type)]
    if len(places) == len(task.inputs) or not places:
        return task, []
    left = [task.columns[i] for i in range(len(task.inputs)) if i not in places]
    return task.only(places), [f"column {c} is left out, as {language.name} can't be made of it" for c in left]


def _again(options: dict[str, Any], task: Task, known: Sequence[Program]) -> Result:
    return learn(task, known=known, **options)


def task_of(examples: Any, target: str | None, names: Sequence[str] | None, name: str | None) -> Task:
    if isinstance(examples, Task):
        return examples
    if is_frame(examples):
        return frame_task(examples, target, name)
    if target is not None:
        raise InputError(f"target={target!r} was given, which is a column of a data frame; give one, or leave it out.")
    if not isinstance(examples, Iterable):
        raise InputError(f"{examples!r} was given; give examples such as [(1, 2), (2, 4)], a Task or a data frame.")
    return Task.from_examples(examples, names=names, name=name or "program")


def learn_many(
    tasks: Iterable[Task | Iterable[Sequence[Any]]], *, executor: Executor | None = None, **options: Any
) -> Iterator[Result]:
    """The results of `learn` for each task, in their order, as they come.

    `executor` is anything with the interface of `concurrent.futures.Executor`; the answers are the same without it.
    """
    if executor is None:
        yield from (learn(task, **options) for task in tasks)
        return
    work = partial(learn, **options)
    pending: list[Future[Result]] = [executor.submit(work, task) for task in tasks]
    try:
        for future in pending:
            yield future.result()
    finally:
        for future in pending:
            future.cancel()


def _checked(budget: Budget) -> Budget:
    for name, value in (
        ("programs", budget.programs),
        ("seconds", budget.seconds),
        ("memory_mb", budget.memory_mb),
    ):
        if value is not None and not (isinstance(value, int | float) and value > 0):
            raise InputError(f"{name}={value!r} was given; give a number above 0, or None for no limit.")
    if isinstance(budget.programs, float) and not budget.programs.is_integer():
        raise InputError(f"programs={budget.programs!r} was given; give a whole number.")
    return budget
