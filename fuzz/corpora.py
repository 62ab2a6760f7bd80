#!/usr/bin/env python3
"""Takes the markup out of the test suites of html5lib and bleach, to begin from: one file for each text.

Their source packages come from PyPI with pip; nothing of them is kept in the repository.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ["html5lib==1.1", "bleach==6.4.0"]
TARGETS = ["message", "description", "code"]


def download(folder):
    # pip builds a package to know what it is, and html5lib needs setuptools of its time for that.
    constraint = folder / "constraint.txt"
    constraint.write_text("setuptools<81\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
    subprocess.run(
        [*command, f"--dest={folder}", *PACKAGES], check=True, env={**os.environ, "PIP_CONSTRAINT": str(constraint)}
    )
    for package in folder.glob("*.tar.gz"):
        with tarfile.open(package) as archive:
            archive.extractall(folder, filter="data")


def tree_tests(folder):
    """html5lib's .dat files: each test begins with #data and goes on with #errors."""
    for file in folder.glob("html5lib-*/html5lib/tests/testdata/tree-construction/**/*.dat"):
        for test in file.read_bytes().split(b"#data\n")[1:]:
            yield test.split(b"\n#errors")[0]


def token_tests(folder):
    """html5lib's tokenizer tests: JSON, each with an input."""
    for file in folder.glob("html5lib-*/html5lib/tests/testdata/tokenizer/*.test"):
        for test in json.loads(file.read_text("utf-8")).get("tests", []):
            yield test["input"].encode("utf-8", "surrogatepass")


def attacks(folder):
    """bleach's .test files: the attack, a line of hyphens, what is left of it."""
    for file in folder.glob("bleach-*/tests/data/*.test"):
        yield file.read_bytes().split(b"\n--\n")[0]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        download(folder)
        texts = sorted({*tree_tests(folder), *token_tests(folder), *attacks(folder)})
    for target in TARGETS:
        corpus = HERE / "corpus" / target
        corpus.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (corpus / f"suite-{number:05}").write_bytes(text)
    print(f"{len(texts)} texts for each of {', '.join(TARGETS)}")


main()
