"""Write what comes out of every case anew: `python -m tests.golden`."""

import tempfile
from pathlib import Path

from tests.golden.pairs import CASES, made

for case in CASES:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in made(case, Path(folder) / "site").items():
            (case / name).write_text(text, encoding="utf-8")
            print(case / name)
