"""A site's rendered HTML → articles: which pages are some, what they say, and their text alone."""
