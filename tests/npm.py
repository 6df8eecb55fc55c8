"""Programs of npm that tests ask for a second opinion, where somebody has installed them.

npm install --prefix FOLDER mjml@5 html-validate azurite@3
PUBLISHER_NODE_MODULES=FOLDER/node_modules pytest tests/browser/test_npm.py
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

MODULES = os.environ.get("PUBLISHER_NODE_MODULES", "")


def wants(*names: str) -> pytest.MarkDecorator:
    """Skip where node or one of these packages is missing."""
    there = bool(MODULES) and all((Path(MODULES) / name).is_dir() for name in names)
    return pytest.mark.skipif(
        not shutil.which("node") or not there,
        reason=f"wants node, and PUBLISHER_NODE_MODULES with {' and '.join(names)}: see tests/npm.py",
    )


def answers(script: str, given: Any) -> Any:
    """What a script of node makes of `given`; it has that as `given` and calls `answer(value)`."""
    whole = (
        "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "const answer = value => process.stdout.write(JSON.stringify(value));"
        f"(async () => {{{script}}})();"
    )
    run = subprocess.run(
        ["node", "-e", whole],
        cwd=Path(MODULES).parent,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
