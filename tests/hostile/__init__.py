"""What others may put into the folders of a publication, made by code: nasty, and always the same."""
