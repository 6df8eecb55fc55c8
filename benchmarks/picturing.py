"""Pictures made by `build` for an edition and its pages: a first time, again, and beside Pillow."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.measuring import PUBLISHER, Cost, cost, table, tree
from publisher.pictures import Recipe
from publisher.pictures.making import make

AT = "2026-11-24 07:00"
EACH = 10  # pictures of an article
KINDS = 20  # different ones, each with a few bytes of its own: drawing them is not what is measured
CONFIG = """\
[publication]
title = "Pictures"
base_url = "https://pictures.example"
since = 2026-01-01
sender = "letter@pictures.example"

[postal]
city = "Berlin"

[newsletters.all]
title = "All"
every = "day"
at = "07:00"
{}
[[newsletters.all.sections]]
name = "all"
max = 1000
show = "full"
"""
NEVER = '\n[pictures]\nmake = "never"\n'
RECIPES = (
    Recipe(use="mail", width=1200, bytes=400_000, pixels=50_000_000, animated=1_000_000),
    Recipe(use="page", width=1280, bytes=600_000, pixels=50_000_000, better=("webp",)),
)


def run(pictures: int) -> None:
    """Print what so many pictures cost: seven of ten are photographs, the others flat."""
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
        root = Path(folder)
        publication(root, pictures)
        command = (*PUBLISHER, "-C", folder, "build", "--at", AT)
        first = cost(*command)
        made = tree(root / "outbox")
        again = cost(*command)
        same = tree(root / "outbox") == made
        (root / ".publisher/pages.json").unlink()
        anew = cost(*command)
        picture(root / "articles/p0.jpg", random.Random(pictures))
        one = cost(*command)
        for name in ("outbox", ".publisher"):
            shutil.rmtree(root / name)
        (root / "publisher.toml").write_text(CONFIG.format("") + NEVER)
        never = cost(*command)
        floor = alone(root)
        rows = [
            (name, f"{c.seconds:.2f}", f"{c.megabytes:.0f}", *of(c.seconds, first, floor))
            for name, c in (
                ("first build", first),
                ("again, nothing new", again),
                ("pages made anew, pictures kept", anew),
                ("after one new picture", one),
                ('`make = "never"`, first build', never),
            )
        ]
        rows.append(
            ("floor: Pillow alone, in one process", f"{floor:.2f}", "", *of(floor, first, floor))
        )
        size = sum(one.stat().st_size for one in (root / "articles").glob("p*")) / 1e6
        names = [name for name in made if name.startswith("web/pictures/")]
        table(
            f"{pictures:,} pictures ({size:.0f} MB): {len(names):,} files made",
            ("", "seconds", "peak MB", "of the first", "of Pillow alone"),
            rows,
        )
        print(f"\nSecond build byte-identical: {same}. A picture, for mail and page: "
              f"{first.seconds / pictures * 1000:.0f} ms.")  # fmt: skip


def of(seconds: float, first: Cost, floor: float) -> tuple[str, str]:
    """A time as ratios."""
    return f"{seconds / first.seconds:.3f}", f"{seconds / floor:.2f}"


def publication(root: Path, pictures: int) -> None:
    """Write a publication whose articles show so many pictures."""
    (root / "articles").mkdir()
    (root / "publisher.toml").write_text(CONFIG.format(""))
    drawn = list(drawings())
    for number in range(pictures):
        suffix, data = drawn[number % len(drawn)]
        # Bytes after a picture change nothing of it but its digest.
        (root / f"articles/p{number}.{suffix}").write_bytes(data + str(number).encode())
    for start in range(0, pictures, EACH):
        names = [
            f"p{n}.{drawn[n % len(drawn)][0]}" for n in range(start, min(start + EACH, pictures))
        ]
        shown = "\n\n".join(f"![Picture]({name})" for name in names)
        head = f"---\ntitle: Story {start}\ndate: 2026-11-23\n---\n\n"
        (root / f"articles/a{start}.md").write_text(head + shown)


def drawings() -> Iterator[tuple[str, bytes]]:
    """Photographs of 2,400 by 1,600 pixels, and flat drawings of 1,600 by 1,000."""
    for number in range(KINDS):
        file, chance = BytesIO(), random.Random(number)
        if number % 10 < 7:
            noise = chance.randbytes(300 * 200 * 3)
            image = Image.frombytes("RGB", (300, 200), noise)
            image.resize((2400, 1600), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
            yield "jpg", file.getvalue()
        else:
            image = Image.new("RGB", (1600, 1000), "white")
            draw = ImageDraw.Draw(image)
            for _ in range(60):
                ends = sorted(chance.randrange(1600) for _ in range(2))
                draw.rectangle((ends[0], ends[0] // 2, ends[1], ends[1] // 2), outline="black")
            image.save(file, "PNG")
            yield "png", file.getvalue()


def picture(path: Path, chance: random.Random) -> None:
    """Put another photograph in place of one."""
    noise = Image.frombytes("RGB", (300, 200), chance.randbytes(180_000))
    noise.resize((2400, 1600), Image.Resampling.BICUBIC).save(path, "JPEG", quality=90)


def alone(root: Path) -> float:
    """Seconds to read every picture, and make of it what the build makes, in this process."""
    started = time.perf_counter()
    for path in sorted((root / "articles").glob("p*")):
        data = path.read_bytes()
        for recipe in RECIPES:
            make(data, recipe)
    return time.perf_counter() - started
