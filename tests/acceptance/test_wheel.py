"""`pip install .` gives a working `publisher` with its templates, from any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.site import tree

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_wheel_works_from_any_folder_with_the_templates_it_carries(tmp_path):
    wheels, installed, elsewhere = (
        tmp_path / "wheels",
        tmp_path / "installed",
        tmp_path / "elsewhere",
    )
    elsewhere.mkdir()
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run(  # as pip does it: by the build backend that pyproject.toml names
        [sys.executable, "-c", build, str(wheels)], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = wheels.glob("publisher-*.whl")
    zipfile.ZipFile(wheel).extractall(installed)
    packaged = tree(installed / "publisher/_templates")
    source = tree(ROOT / "templates")
    assert packaged == source

    def run(*words):
        # Of this environment only the libraries: the package itself is the wheel's.
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        program = (
            "import publisher, sys; from publisher.cli import run; "
            f"assert publisher.__file__.startswith({str(installed)!r}); run()"
        )
        return subprocess.run(
            [sys.executable, "-c", program, *words],
            cwd=elsewhere,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )

    run("init", "letter", "--title", "A Letter", "--at", "2026-11-23 12:00")
    article = elsewhere / "letter/articles/welcome.md"
    article.write_text("---\ntitle: Hello\ndate: 2026-11-23\n---\nWorld.\n")
    built = run("-C", "letter", "build", "--at", "2026-11-24 07:00")
    assert "morning@2026-11-24T0700  made  1 story: Hello" in built.stdout
    assert "mail/digest.mjml" in run("-C", "letter", "templates", "list").stdout
