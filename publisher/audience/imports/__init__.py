"""A file of readers → what it says of each: a room of its own, pure, and the same in any order.

`records` takes the file apart, `headings` and `words` know what columns and their words mean,
`survey` looks at all of it, `mapping` is what the editor said, `plan` decides what each column is
for and `questions` what must be asked; `cells`, `dates`, `fields` and `reading` read one record,
`merging` adds up those of one address, and `passes` does all of it in two passes.


What of it is wanted is imported from its module: most commands import no readers.
"""
