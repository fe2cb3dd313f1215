"""The command line: what can be asked for, and how errors are told.

What the commands do is in `commands.py`, which is imported when a command runs, so that `--help` comes at once.

Exit status: 0 solved or done, 1 not solved, 2 bad input.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from extrapolate.core.errors import ExtrapolateError

F = TypeVar("F", bound=Callable[..., Any])

BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141


class Commands(click.Group):
    """A group whose errors are one sentence on standard error, without a traceback unless `--debug` asks for it."""

    def main(self, *args: Any, **extra: Any) -> Any:
        given = extra.get("args") or (args[0] if args else None) or sys.argv[1:]
        debug = "--debug" in given
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        try:
            status = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has gone, as in `| head`: nothing more can be said, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = BROKEN_PIPE
        except (KeyboardInterrupt, click.Abort):
            click.echo("extrapolate: interrupted.", err=True)
            status = INTERRUPTED
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "extrapolate"
            click.echo(f"extrapolate: {error.format_message()} See: {path} --help", err=True)
            status = BAD_INPUT
        except click.ClickException as error:
            click.echo(f"extrapolate: {error.format_message()}", err=True)
            status = BAD_INPUT
        except Exception as error:
            if debug:
                raise
            click.echo(f"extrapolate: {_sentence(error)}", err=True)
            status = BAD_INPUT
        sys.exit(status or 0)


def _sentence(error: Exception) -> str:
    if isinstance(error, ExtrapolateError):
        return str(error)
    return f"{type(error).__name__}: {error} (this is a fault of extrapolate; --debug shows where it happened)"


def options(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order they are listed by `--help`."""

    def decorate(f: F) -> F:
        for decorator in reversed(decorators):
            f = decorator(f)
        return f

    return decorate


TABLES = options(
    click.option("--encoding", metavar="NAME", help="The encoding of tables, as cp1252.  [default: found out]"),
    click.option("--delimiter", metavar="CHAR", help="What stands between cells.  [default: found out]"),
    click.option("--skip-rows", metavar="N", type=click.IntRange(0), default=0, help="Lines above the header."),
    click.option("--sheet", metavar="NAME", help="The sheet of an Excel file.  [default: the first]"),
)
COMMON = options(
    click.option("--words", metavar="FILE", help="A Python file that declares words of your own."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs to read."),
    click.option("-q", "--quiet", is_flag=True, help="Print the program (or the answers) and nothing else."),
    click.option("--debug", is_flag=True, help="Show the traceback of an error."),
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="extrapolate", prog_name="extrapolate")
def main() -> None:
    """Learn a readable program from a few examples."""


@main.command()
@click.argument("source")
@click.option("--target", metavar="COLUMN", help="The column that is wanted, when SOURCE has columns.")
@click.option("--inputs", metavar="A,B,...", help="The columns to learn from.  [default: all others]")
@click.option("--apply", "apply_to", metavar="FILE", help="Also give the answers on FILE.")
@click.option("--fill", metavar="FILE", help="Write the table with its empty target cells filled in.")
@click.option("--out", metavar="FILE.py", help="Write the program as a Python module that needs no extrapolate.")
@click.option("--save", metavar="FILE.json", help="Write the program as data, for `extrapolate apply`.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option("--name", help="The name of the function.  [default: the target, or the name of the file]")
@click.option("--language", help="The language to write the program in.  [default: as the columns are]")
@click.option("--seconds", type=float, metavar="S", help="Stop after so long; `inf` for no limit.  [default: 10]")
@click.option(
    "--programs", type=click.IntRange(1), metavar="N", help="Stop after N programs: the same answer on any machine."
)
@click.option(
    "--memory", type=click.IntRange(1), metavar="MB", default=1500, show_default=True, help="Stop at so much memory."
)
@click.option("--candidates", type=click.IntRange(1, 100), default=5, show_default=True, help="Programs to show.")
@click.option("--units", metavar="A=U,...", help="Units of columns, as L=m,g=m/s^2.  [default: those in headers]")
@click.option(
    "--no-dimensional-constants", is_flag=True, help="Constants of a law are plain numbers, whatever the units."
)
@click.option("--no-units", is_flag=True, help="Leave out the units in headers such as `period [yr]`.")
@click.option("--constants", metavar="G,c,...", help="Physical constants that may stand in a law.")
@click.option(
    "--form", "forms", metavar="FORM", multiple=True, help="Fit the constants of this law, as 'a * exp(-b * x) + c'."
)
@click.option("--rivals", is_flag=True, help="With --form, look for other laws too and rank them together.")
@click.option("--use", metavar="A,B,...", help="Columns that a law must use.")
@click.option("--without", metavar="sin,cos,...", help="Words that may not be used; `extrapolate words` lists them.")
@click.option(
    "--front", metavar="FILE", help="Write the laws of which none is shorter and closer: .csv, .png, .svg, .pdf."
)
@click.option(
    "--errors",
    metavar="dY,X=dX,...",
    help="The standard errors of the target of a law, and of inputs: columns or numbers.",
)
@click.option(
    "--answer",
    "--example",
    "answered",
    metavar="ROW=VALUE",
    multiple=True,
    help="What a row of the target should be, beside those filled in, or in a new column; as often as you like.",
)
@click.option("--ask", is_flag=True, help="Ask about the rows that are open, one by one, learning after each.")
@click.option("--sure", is_flag=True, help="Leave cells empty where the answer is in doubt.")
@click.option(
    "--accept",
    is_flag=True,
    help="Fill in with a program that is long for its examples, or a law that may not hold, too.",
)
@click.option("--doubts", metavar="COLUMN", help="With --fill, say in this column why an answer is in doubt.")
@TABLES
@click.option("--latex", is_flag=True, help="Print a law as an equation in LaTeX.")
@click.option("--plot", metavar="FILE.png", help="Draw a law with the measurements, inside and outside their range.")
@click.option("--baseline", type=click.Choice(["boosting", "mlp"]), help="Draw this regression beside the law.")
@COMMON
def learn(**given: Any) -> int:
    """Learn a program from the examples in SOURCE.

    SOURCE is a table (.csv, .tsv), JSON (.json, .jsonl), or a text file with a line for each example; - is standard
    input. Rows without an output are answered by the program.

    \b
      extrapolate learn second_largest.json
      echo '[3, 1, 2] -> [1, 2, 3]' | extrapolate learn -
      extrapolate learn scores.csv --target best --apply more.csv --out best.py
      extrapolate learn kepler.csv --target "period [yr]" --plot kepler.png

    The status is 0 when a program fits all examples, 1 when none was found, 2 for bad input; of a law, 0 when it leaves
    nothing but noise and 1 when it is an approximation. In a table, row 1 is the header.
    """
    from extrapolate.commands.learn import learn_command

    return learn_command(**given)


@main.command()
@click.argument("program")
@click.argument("file")
@click.option("--target", metavar="COLUMN", help="The column for the answers.  [default: the program's name]")
@click.option("--fill", metavar="OUT", help="Write the answers to OUT and not to standard output.")
@click.option("--force", is_flag=True, help="Replace OUT when it exists.")
@TABLES
@COMMON
def apply(**given: Any) -> int:
    """Give the answers of a saved PROGRAM on FILE.

    A table gets them in a column; of any other file, each line or JSON value is a row and has its answer on a line.
    - is standard input.

    \b
      extrapolate apply best.json more.csv
      echo '[9, 7, 8]' | extrapolate apply second_largest.json -
    """
    from extrapolate.commands.learn import apply_command

    return apply_command(**given)


@main.command()
@click.argument("net")
@click.argument("data")
@click.option("--weights", metavar="FILE", help="Weights for the net: .safetensors, .pt or .weights.h5.")
@click.option("--other", metavar="FILE.npz", help="Cases of another kind, to see whether it tells them apart.")
@click.option("--target", metavar="A=B", help="Also change cases of class A into ones that it takes for B.")
@click.option("--eps", type=float, metavar="E", help="How much of its range each value may change.  [default: 8/255]")
@click.option(
    "--range",
    "bounds",
    metavar="LOW,HIGH",
    help="Bring all values into the range that the net takes.  [default: 0,1 for values of 8 bits, others as they are]",
)
@click.option("--seconds", type=float, default=120, show_default=True, help="How long to look.")
@click.option("-o", "--out", metavar="REPORT.html", help="Write a page that needs nothing else; or its numbers, .json.")
@click.option("--force", is_flag=True, help="Replace the report when it exists.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def examine(**given: Any) -> int:
    """Examine NET on the cases in DATA: where it stops making sense.

    NET is module:function, which is imported and called to make a net of PyTorch or Keras or a classifier of
    scikit-learn; or a model that Keras has saved (.keras). DATA is an .npz file with arrays
    x and y, or x_test and y_test, and x_train and y_train where it has them.

    \b
      extrapolate examine my_module:make_model digits.npz --weights net.safetensors -o report.html
      extrapolate examine my_module:make_model digits.npz --weights net.safetensors --target 9=4
    """
    from extrapolate.commands.examine import examine_command

    return examine_command(**given)


@main.command()
@click.argument("photo")
@click.option("--net", required=True, metavar="MODULE:FUNCTION", help="The net, as for examine.")
@click.option("--weights", metavar="FILE", help="Weights for the net: .safetensors, .pt or .weights.h5.")
@click.option("--layer", required=True, metavar="NAME", help="The layer whose answers are made larger.")
@click.option("--range", "bounds", metavar="LOW,HIGH", help="The range of values that the net takes.  [default: 0,1]")
@click.option("--size", type=click.IntRange(32), default=384, show_default=True, help="The longer side of the picture.")
@click.option("-o", "--out", required=True, metavar="FILE.png", help="Where the picture is written.")
@click.option("--force", is_flag=True, help="Replace the picture when it exists.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def dream(**given: Any) -> int:
    """Show more of what a layer of a net sees in PHOTO, from coarse to fine.

    \b
      extrapolate dream photo.jpg --net my_module:make_model --layer blocks.5 -o dream.png
    """
    from extrapolate.commands.examine import dream_command

    return dream_command(**given)


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="PROBLEM...")
@click.option("--target", metavar="COLUMN", help="The column that is wanted, when PROBLEM is a table.")
@click.option("--inputs", metavar="A,B,...", help="The columns to learn from.  [default: all others]")
@click.option("--nets", metavar="A,B,...", help="Some of mlp, boosting, lstm and transformer.  [default: all that fit]")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="How often each net is trained.")
@click.option("--seconds", type=float, default=300, show_default=True, help="How long to train, for each problem.")
@click.option(
    "-o", "--out", metavar="CHART", help="Write a page (.html), a chart (.png, .svg, .pdf) or numbers (.json)."
)
@click.option("--force", is_flag=True, help="Replace the chart when it exists.")
@TABLES
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def compare(**given: Any) -> int:
    """Compare a program with nets trained on the same PROBLEM, in the range of what they saw and outside.

    PROBLEM is sorting, kepler or names, whose law is known; or examples as for learn: of twenty rows and more, those
    that lie further out are kept back, and of fewer, rows are drawn that the learned program answers. For columns of
    numbers there are mlp and boosting, for lists and text lstm and transformer. Several problems are drawn beside
    each other.

    \b
      extrapolate compare sorting --nets lstm,transformer -o chart.html
      extrapolate compare pendulum.csv --target "T [s]" -o chart.png
    """
    from extrapolate.commands.compare import compare_command

    return compare_command(**given)


@main.command()
@click.argument("language", default="lists")
@COMMON
def words(**given: Any) -> int:
    """List the words of a LANGUAGE: name, type, cost, and what each does."""
    from extrapolate.commands.learn import words_command

    return words_command(**given)
