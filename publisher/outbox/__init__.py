"""Bundles and files on disk: written aside, fsynced, renamed; read back and verified."""

from publisher.outbox.bundle import Bundle, FitRecord, Links, Variants
from publisher.outbox.files import later, put, put_all, remove_folder, write
from publisher.outbox.flushing import sync
from publisher.outbox.folder import Folder
from publisher.outbox.memory import Memory
from publisher.outbox.outbox import About, Outbox
from publisher.outbox.packing import packed, packed_beside, with_packed
from publisher.outbox.place import check_place
from publisher.outbox.tree import Tree

__all__ = [
    "About",
    "Bundle",
    "FitRecord",
    "Folder",
    "Links",
    "Memory",
    "Outbox",
    "Tree",
    "Variants",
    "check_place",
    "later",
    "packed",
    "packed_beside",
    "put",
    "put_all",
    "remove_folder",
    "sync",
    "with_packed",
    "write",
]
