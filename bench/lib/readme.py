"""The report's place in bench/README.md: each part between two comments."""

import re
from pathlib import Path

from .console import Trouble

README = Path(__file__).resolve().parents[1] / "README.md"


def put(part, figures):
    """Replaces what stands between the comments of a part."""
    text = README.read_text()
    section = re.compile(rf"(<!-- {part}: written by bench/run --write -->\n).*(<!-- end of {part} -->\n)", re.DOTALL)
    if not section.search(text):
        raise Trouble(f"{README} has lost the comments that the figures of the {part} stand between")
    README.write_text(section.sub(lambda found: f"{found[1]}\n{figures}\n{found[2]}", text))
