"""The door to an object store: S3, Google Cloud Storage, Azure Blob Storage, by obstore.

What it says goes no further than its status and its code: its words may hold keys, or an address
that is signed. Who we are it learns as the stores' own programs do, from the environment and from
the machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from publisher.errors import ConfigError, PublisherError, StoreUnavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

_One = TypeVar("_One")
_Answer = TypeVar("_Answer")

PATIENCE = 30.0
"""Seconds for which a request that fails is tried again, with pauses that grow."""

_RETRIES = 6
_REFUSED = "It may not be read and written by us: set {} in the environment, or give this machine "
_KEYS = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
_HTTP = {"s3": "AWS_ALLOW_HTTP", "gs": "GOOGLE_ALLOW_HTTP", "az": "AZURE_ALLOW_HTTP"}
_NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|bucket does not exist", re.IGNORECASE)
_METADATA = re.compile(r"169\.254\.169\.254|metadata\.google|must be specified|credential", re.I)


_ODD = re.compile(r"(^|/)\.{0,2}(/|$)|[\x00\\]")
_NONE = f'"{"0" * 32}"'  # a tag that no object has
_SIDE_BY_SIDE = 16  # requests on their way together: most of each is waiting


class Conflict(Exception):
    """An object is not as it was said to be: somebody else has put it, or taken it away."""


class Stamp(msgspec.Struct, frozen=True):
    """What tells an object from what it was before, and its size in bytes."""

    tag: str
    version: str
    size: int


class Object(msgspec.Struct, frozen=True):
    """An object as it stood; `headers` are what a web server would say of it."""

    data: bytes
    stamp: Stamp
    headers: Mapping[str, str]


class Objects:
    """What lies below a prefix, by name. Every verb may be used by several threads at once.

    Each is tried again for `patience` seconds (`PATIENCE`) where the store fails for a while; then
    it raises StoreUnavailable, and likewise where it does not let us in.
    """

    def __init__(self, url: str, patience: float | None = None) -> None:
        self.url = url.rstrip("/")
        self._kind = url.partition(":")[0]
        self._patience = PATIENCE if patience is None else patience
        self._opened: ObjectStore | None = None

    def list(self, below: str) -> dict[str, Stamp]:
        """Return all that lies below a folder, by name, in order of names.

        But what no file could be called.
        """
        import obstore

        with self._spoken():
            found = [one for some in obstore.list(self._store(), below) for one in some]
        plain = [one for one in found if not _ODD.search(one["path"])]
        return {one["path"]: _stamp(one) for one in sorted(plain, key=lambda one: one["path"])}

    def get(self, name: str) -> Object | None:
        """Return an object; None where there is none."""
        import obstore

        try:
            with self._spoken():
                found = obstore.get(self._store(), name)
                data = bytes(found.bytes())
        except FileNotFoundError:
            return None
        headers = {str(key): str(value) for key, value in found.attributes.items()}
        return Object(data, _stamp(found.meta), headers)

    def put(
        self,
        name: str,
        data: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        instead_of: Stamp | None,
    ) -> Stamp:
        """Put an object whole, where there is none yet; or in place of one as it stood.

        Raises Conflict where the store has another one. One of the same bytes counts as put: the
        answer to a request may be lost, which is then made again.
        """
        try:
            return self._put(name, data, headers, self._mode(name, instead_of))
        except Conflict:
            lies = self.get(name)
            if lies and lies.data == data:
                return lies.stamp
            raise

    def delete(self, name: str) -> None:
        """Take an object away, if there is one."""
        import obstore

        try:
            with self._spoken():
                obstore.delete(self._store(), name)
        except FileNotFoundError:
            return

    def check(self, name: str, data: bytes) -> None:
        """Have `name` hold `data`, and raise ConfigError for a store that ignores conditions.

        Without them two hosts could not tell who of them put an edition.
        """
        with suppress(Conflict):
            self._put(name, data, None, "create")
            self._check(name, data, "create", "If-None-Match")  # now there is one
        wrong = {"e_tag": _NONE, "version": "1"} if self._kind == "gs" else {"e_tag": _NONE}
        self._check(name, data, wrong, "If-Match")

    def _check(self, name: str, data: bytes, mode: Any, how: str) -> None:
        """Raise ConfigError where a store puts what it must refuse."""
        with suppress(Conflict):
            self._put(name, data, None, mode)
            raise ConfigError(
                f"the outbox {self.url} lies in a store without conditional put ({how})",
                path="publisher.toml",
                why="Two hosts that put the same edition could not tell which of them did.",
                todo="Use a store, or a version of its server, that keeps that condition; or a "
                'folder: outbox = "outbox".',
            )

    def _mode(self, name: str, instead_of: Stamp | None) -> Any:
        """What is asked of an object as it stands, in obstore's words."""
        if instead_of is None:
            return "create"
        if self._kind != "gs":
            return {"e_tag": instead_of.tag}
        found = instead_of if instead_of.version else self._head(name)  # a list has no generations
        if found is None or found.tag != instead_of.tag:
            raise Conflict(name)
        return {"e_tag": found.tag, "version": found.version}

    def _head(self, name: str) -> Stamp | None:
        import obstore

        try:
            with self._spoken():
                return _stamp(obstore.head(self._store(), name))
        except FileNotFoundError:
            return None

    def _put(self, name: str, data: bytes, headers: Mapping[str, str] | None, mode: Any) -> Stamp:
        import obstore

        about: Any = None if headers is None else dict(headers)
        try:
            with self._spoken():
                found = obstore.put(
                    self._store(), name, data, attributes=about, mode=mode, use_multipart=False
                )
        except FileNotFoundError:  # what was to be replaced is gone
            raise Conflict(name) from None
        return _stamp({**found, "size": len(data)})

    def _store(self) -> ObjectStore:
        if self._opened is None:
            from obstore.store import from_url

            is_open = os.environ.get(_HTTP[self._kind], "").lower() in ("1", "true", "yes")
            client: ClientConfig = {"timeout": timedelta(seconds=30), "allow_http": is_open}
            retries: RetryConfig = {
                "max_retries": _RETRIES,
                "retry_timeout": timedelta(seconds=self._patience),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=200),
                    "max_backoff": timedelta(seconds=5),
                    "base": 2,
                },
            }
            self._opened = from_url(self.url, client_options=client, retry_config=retries)
        return self._opened

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """What a store answers in our words: FileNotFoundError, Conflict and PublisherErrors."""
        exceptions = _exceptions(self.url)
        try:
            yield
        except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
            raise Conflict from None
        except FileNotFoundError as error:
            if _NO_BUCKET.search(str(error)):
                raise self._unavailable(str(error)) from None
            raise FileNotFoundError from None
        except (exceptions.BaseError, ValueError) as error:
            raise self._unavailable(str(error)) from None

    def _unavailable(self, said: str) -> PublisherError:
        """The error that a store's words are, without these."""
        status = re.search(r"status code: (\d{3})( [A-Za-z -]+)?", said)
        code = re.search(r"<Code>(\w{1,60})</Code>", said)
        words = f"it answers {status[1]}{status[2] or ''}" if status else "it does not answer"
        words += f" ({code[1]})" if code else ""
        if _NO_BUCKET.search(said):
            todo = "Make the bucket, or the container, or name another one in publisher.toml."
            return StoreUnavailable(self.url, "there is no such bucket", todo)
        if (status and status[1] in ("401", "403")) or _METADATA.search(said):
            if _METADATA.search(said) and (not status or "169.254" in said):
                words = "there are no credentials for it"
            return StoreUnavailable(
                self.url, words, f"{_REFUSED.format(_KEYS[self._kind])}a role that may."
            )
        return StoreUnavailable(self.url, words)


def side_by_side(verb: Callable[[_One], _Answer], all_: Iterable[_One]) -> list[_Answer]:
    """Do the same for each, several at once, and return what comes of it in order.

    The first failure is raised when all of those that were begun are done.
    """
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
        try:
            return list(threads.map(verb, all_))
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise


def _exceptions(url: str) -> Any:
    """The exceptions of obstore; ConfigError where it is not installed."""
    try:
        from obstore import exceptions
    except ImportError:
        raise ConfigError(
            f"the outbox {url} needs the package obstore",
            path="publisher.toml",
            todo="Install it: pip install '.[scale]' in the checkout",
        ) from None
    return exceptions


def _stamp(meta: Any) -> Stamp:
    """What tells an object, from what is said of it.

    A tag stands in quotes (RFC 9110 §8.8.3); Azure's lists leave them out.
    """
    tag = (meta["e_tag"] or "").strip('"')
    return Stamp(f'"{tag}"', meta["version"] or "", meta["size"])
