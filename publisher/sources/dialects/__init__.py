"""Markup that is neither CommonMark nor HTML → one of them, and what could not be kept.

A dialect a module: reStructuredText (`rst`), MDX (`mdx`), containers and admonitions (`boxes`),
attributes, ids, wiki links, footnotes and marks of other Markdowns (`markdown`). Everything here is
pure, and what it writes is not sanitised.
"""
