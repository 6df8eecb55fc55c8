"""The publication's folder as git remembers it; nothing of the repository is changed."""

from __future__ import annotations

import functools
import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from publisher.errors import Problem, SourceError
from publisher.model import Publication

_LONGEST = 60.0  # seconds for all of a history
_MANY = 20  # files of one commit: these were not written that day
_FETCHING = 120.0  # seconds
_QUIET = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.sparseCheckout=false")
"""No program of a repository runs for us, and what is checked out is all of it."""
_GIT = ("git", *(word for one in _QUIET for word in ("-c", one)))


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


def first_commits(
    folder: Path, seconds: float = _LONGEST, until: str = "HEAD"
) -> Mapping[str, datetime]:
    """Return when each file below a folder came into git (UTC, the author's date), by its path.

    A file that was moved came when it had its first name. Those that came with many others are
    left out: somebody put a site under git that day. By the history of the commit `until`. Raises
    SourceError where it cannot be known: no git, too long a history, or one that is cut off (a
    shallow clone).
    """
    if _git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise SourceError(
            "the history of git is cut off: it was cloned without it",
            todo="Fetch it: git fetch --unshallow",
        )
    return _first_commits(folder.absolute(), _git(folder, "rev-parse", until).strip(), seconds)


def head(folder: Path) -> str:
    """Return what tells a folder's history from another; "" where none can be known."""
    try:
        return _git(folder, "rev-parse", "HEAD", "--is-shallow-repository")
    except SourceError:
        return ""


@functools.lru_cache(maxsize=2)  # what came before a commit never changes; a service asks often
def _first_commits(folder: Path, head: str, seconds: float) -> Mapping[str, datetime]:
    words = "log --reverse --relative -M --name-status -z --format=%x01%at%x00".split()
    told = _git(folder, *words, head, "--", ".", seconds=seconds)
    found: dict[str, datetime] = {}
    for commit in told.split("\x01")[1:]:
        seconds_of, *rest = [part.strip("\n") for part in commit.split("\0")]
        try:
            at = datetime.fromtimestamp(int(seconds_of), UTC)
        except (ValueError, OverflowError, OSError):  # a clock gone wrong, or a hostile name
            continue
        _follow(found, [part for part in rest if part], at)
    return found


def _follow(found: dict[str, datetime], parts: list[str], at: datetime) -> None:
    """Take in what a commit did: a letter, then the file's name, or both if it was moved."""
    added, moved = [], []
    words = iter(parts)
    for letter in words:
        path = next(words, "")
        if letter.startswith(("R", "C")):
            moved.append((path, next(words, "")))
        elif letter == "A":
            added.append(path)
    for old, new in moved:
        if old in found:
            found[new] = found[old]
    if len(added) < _MANY:
        for path in added:
            found.setdefault(path, at)


def checkout(root: Path, commit: str, folder: Path) -> None:
    """Write `root` as it was in a commit into `folder`, which is empty.

    One that another commit was written into before becomes what it is in this one: a file that is
    the same stays untouched. Raises SourceError where there is no such commit, no such folder in
    it, or no git.
    """
    top = Path(_git(root, "rev-parse", "--show-toplevel").removesuffix("\n"))
    within = _git(root, "rev-parse", "--show-prefix").removesuffix("\n")
    index = str(folder.absolute().with_name(f"{folder.name}.index"))
    there = {"GIT_INDEX_FILE": index, "GIT_WORK_TREE": str(folder.absolute())}
    tree = f"{_known(root, commit)}:{within}"
    _git(top, "read-tree", "--reset", "-u", tree, env=there)


def top_of(folder: Path) -> Path | None:
    """Return the work tree of git that a folder lies in, None where it lies in none."""
    around = folder.resolve()
    if not any((one / ".git").exists() for one in (around, *around.parents)):
        return None  # without asking git
    return Path(_git(folder, "rev-parse", "--show-toplevel").removesuffix("\n")).resolve()


def standing(top: Path, apart: Sequence[Path]) -> tuple[str, tuple[str, ...]]:
    """Return the commit of a work tree, and the paths in it that are not as it has them.

    What git ignores is not looked at, nor what lies in a folder of `apart`. Raises SourceError.
    """
    commit = commit_of(top)
    within = [one.relative_to(top) for one in apart if one.is_relative_to(top) and one != top]
    without = [f":(top,exclude,literal){one}" for one in within]
    words = "--no-optional-locks status --porcelain=v1 -z --no-renames --untracked-files=all"
    told = _git(top, *words.split(), "--", ".", *without, seconds=_LONGEST)
    return commit, tuple(line[3:] for line in told.split("\0") if line)


def commit_of(top: Path) -> str:
    """Return the commit that a work tree is at. Raises SourceError."""
    return _git(top, "rev-parse", "--verify", "HEAD^{commit}").strip()


def comes_after(top: Path, commit: str, other: str) -> bool:
    """Whether a commit has another one in its history, or is the same; no where one is unknown."""
    try:
        _git(top, "merge-base", "--is-ancestor", other, commit)
    except SourceError:
        return False
    return True


def fetched(top: Path, commit: str) -> None:
    """Have a commit in this clone: fetched where it is not there. Raises SourceError."""
    if is_there(top, commit):
        return
    quiet = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    shell = os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes")
    alone = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": shell}
    _git(top, *quiet, env=alone, seconds=_FETCHING)
    if not is_there(top, commit):  # a clone that is cut off, or follows another branch
        _git(top, *quiet, "origin", commit, env=alone, seconds=_FETCHING)
    _known(top, commit)


def is_there(top: Path, commit: str) -> bool:
    """Whether a clone has a commit."""
    try:
        _known(top, commit)
    except SourceError:
        return False
    return True


def _known(root: Path, commit: str) -> str:
    try:
        return _git(
            root, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}"
        ).strip()
    except SourceError:
        raise SourceError(
            f"git knows no commit {commit!r}", todo="List them: git log --oneline"
        ) from None


def _git(root: Path, *words: str, env: Mapping[str, str] = {}, seconds: float | None = None) -> str:
    try:
        done = subprocess.run(  # noqa: S603 the words are ours
            [*_GIT, "-C", str(root), *words],  # whichever git the editor uses
            capture_output=True,
            check=False,
            env={**os.environ, **env},
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise SourceError(f"git {_verb(words)} takes longer than {seconds:.0f} s") from None
    except OSError as error:
        raise SourceError(f"git cannot be run: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise SourceError(f"git {_verb(words)}: {said}")
    return os.fsdecode(done.stdout)


def _verb(words: Sequence[str]) -> str:
    return next(one for one in words if not one.startswith("-"))


def commits_of(
    publication: Publication, root: Path, until: str = "HEAD"
) -> tuple[Mapping[str, datetime], tuple[Problem, ...]]:
    """Return when articles came into git, if that may date them, by path; and what is wrong.

    By the history of the commit `until`.
    """
    if not publication.sources.history:
        return {}, ()
    try:
        return first_commits(root / publication.articles, until=until), ()
    except SourceError as error:
        why = "Articles without a date have none by git."
        told = replace(error.problem, why=why, path="publisher.toml", severity="warning")
        return {}, (told,)
