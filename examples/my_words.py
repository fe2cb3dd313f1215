"""A word of one's own: a typed function with a decorator. Use it with --words examples/my_words.py."""

from extrapolate import primitive


@primitive(cost=2)
def digit_sum(n: int) -> int:
    """The sum of the digits of a number."""
    return sum(int(d) for d in str(abs(n)))
