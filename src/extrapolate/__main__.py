"""`python -m extrapolate` is the command line."""

from extrapolate.cli import main

if __name__ == "__main__":
    main(prog_name="extrapolate")
