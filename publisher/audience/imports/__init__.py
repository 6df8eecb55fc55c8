"""A file of readers → what it says of each: a room of its own, pure, and the same in any order.

`records` takes the file apart, `headings` and `words` know what columns and their words mean,
`survey` looks at all of it, `mapping` is what the editor said, `plan` decides what each column is
for and `questions` what must be asked; `cells`, `dates`, `fields` and `reading` read one record,
`merging` adds up those of one address, and `passes` does all of it in two passes.
"""

from publisher.audience.imports.cells import language, zone
from publisher.audience.imports.dates import Order
from publisher.audience.imports.headings import COLUMNS
from publisher.audience.imports.mapping import MEANINGS
from publisher.audience.imports.passes import Surveyed, readers, surveyed

__all__ = ["COLUMNS", "MEANINGS", "Order", "Surveyed", "language", "readers", "surveyed", "zone"]
