"""The packages of npm that Mainstay is compared with."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from .console import Trouble, progress


def install(folder):
    """Installs exactly what the lock file names, unless that is there already."""
    lock, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    progress(f"Installing the packages of {folder.name} (what has to be compiled takes minutes)")
    environment = dict(os.environ)
    node = Path(shutil.which("node")).resolve().parents[1]
    if (node / "include" / "node" / "node.h").exists():
        # Node's own headers are here; node-gyp would otherwise download them.
        environment.setdefault("npm_config_nodedir", str(node))
    done = subprocess.run(["npm", "ci", "--loglevel=error"], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(f"The packages of {folder} could not be installed:\n{done.stderr[-2000:]}")


def version(folder, package):
    manifest = folder / "node_modules" / package / "package.json"
    return json.loads(manifest.read_text())["version"]
