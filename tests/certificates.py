"""A certificate of a host that nobody vouches for but itself."""

import ssl
import subprocess
from pathlib import Path


def certificate_of(host: str, folder: Path) -> tuple[str, ssl.SSLContext]:
    """Its file, which a client may trust, and what a server speaks TLS with."""
    words = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={host} -addext"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    name = f"subjectAltName=DNS:{host}"
    subprocess.run(["openssl", *words.split(), name, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return str(folder / "cert.pem"), context
