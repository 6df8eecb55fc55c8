"""The rules, one a file; `checks.table` is the list of them."""
