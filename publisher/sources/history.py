"""The publication's folder as git remembers it; nothing of the repository is changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from publisher.errors import SourceError


def commits_around(root: Path, at: datetime, most: int) -> list[str]:
    """Return commits that may hold what was there at an instant (aware), the likeliest first.

    The newest by then, the one after it (editors often commit what they have just built), and
    those before, up to `most`: the clock may have been another. By the committer's date, in the
    history of HEAD; none where the folder is under no git.
    """
    try:
        before = _git(
            root, "rev-list", f"-{most - 1}", f"--before={at.isoformat()}", "HEAD", "--", "."
        )
        after = _git(root, "rev-list", "--reverse", f"--after={at.isoformat()}", "HEAD", "--", ".")
    except SourceError:
        return []
    first, *rest = [*before.split(), ""]
    return list(filter(None, [first, *after.split()[:1], *rest]))


def checkout(root: Path, commit: str, folder: Path) -> None:
    """Write `root` as it was in a commit into `folder`, which is empty.

    Raises SourceError where there is no such commit, no such folder in it, or no git.
    """
    top = Path(_git(root, "rev-parse", "--show-toplevel").removesuffix("\n"))
    within = _git(root, "rev-parse", "--show-prefix").removesuffix("\n")
    index = {"GIT_INDEX_FILE": str(folder.with_name(f"{folder.name}.index"))}
    _git(top, "read-tree", f"{_known(root, commit)}:{within}", env=index)
    _git(top, "checkout-index", "--all", f"--prefix={folder}{os.sep}", env=index)


def _known(root: Path, commit: str) -> str:
    try:
        return _git(
            root, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}"
        ).strip()
    except SourceError:
        raise SourceError(
            f"git knows no commit {commit!r}", todo="List them: git log --oneline"
        ) from None


def _git(root: Path, *words: str, env: Mapping[str, str] = {}) -> str:
    try:
        done = subprocess.run(  # noqa: S603 the words are ours
            ["git", "-C", str(root), *words],  # noqa: S607 whichever git the editor uses
            capture_output=True,
            check=False,
            env={**os.environ, **env},
        )
    except OSError as error:
        raise SourceError(f"git cannot be run: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise SourceError(f"git {words[0]}: {said}")
    return os.fsdecode(done.stdout)
