"""Several measurements of the same thing in one cell of a table."""

from statistics import median


def spread(values, shown="{:,.0f}"):
    """The median and, in brackets, the smallest and the largest."""
    values = list(values)
    low, middle, high = (shown.format(value) for value in (min(values), median(values), max(values)))
    return middle if low == high else f"{middle} ({low}–{high})"


def table(head, rows):
    """A Markdown table whose first column is text and whose others are figures."""
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    first, *others = widths
    lines = [[row[0].ljust(first), *(cell.rjust(width) for cell, width in zip(row[1:], others))] for row in cells]
    rule = ["-" * first, *("-" * (width - 1) + ":" for width in others)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], rule, *lines[1:]])
