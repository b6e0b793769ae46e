"""moto's own tests against our endpoint and against stock `moto_server`: `make conformance`, some minutes.

They come in moto's source distribution of the installed version, which pip downloads into `--cache` once. Prints how many
pass where, and which tests differ; exits with 1 if one passes against stock moto and not against ours.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import os
import socket
import subprocess
import sys
import tarfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = (
    "test_sts/test_sts.py",
    "test_s3/test_s3.py",
    "test_sqs/test_sqs.py",
    "test_dynamodb/test_dynamodb.py",
)
PORT = 5000
"""Three of the tests write it down."""

Results = Mapping[str, str]


def sources(cache: Path) -> Path | str:
    """Give the folder of moto's tests, or why there is none."""
    version = importlib.metadata.version("moto")
    folder = cache / f"moto-{version}"
    if not (folder / "tests").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        command += ["--no-build-isolation", f"moto=={version}", "--dest", str(cache)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        archive = cache / f"moto-{version}.tar.gz"
        if not archive.is_file():
            said = done.stderr.strip().splitlines()
            return f"pip cannot download the source of moto {version}: {said[-1] if said else 'it says nothing'}"
        with tarfile.open(archive) as tar:
            # The tests alone: beside them moto's own package would be imported instead of the installed one.
            wanted = [one for one in tar.getmembers() if one.name.startswith(f"moto-{version}/tests/")]
            tar.extractall(cache, wanted, filter="data")
    return folder


@contextlib.contextmanager
def serving(command: Sequence[str], port: int) -> Generator[None]:
    """Run a server until the block ends."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "MOTO_PORT": str(port)}
    with subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.1)
            yield
        finally:
            server.kill()


def run(folder: Path, modules: Sequence[str], port: int, report: Path) -> Results:
    """Run the tests; give the outcome of each by name."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    environment |= {
        "TEST_SERVER_MODE": "true",
        "TEST_SERVER_MODE_ENDPOINT": f"http://localhost:{port}",
        "AWS_ACCESS_KEY_ID": "foobar_key",
        "AWS_SECRET_ACCESS_KEY": "foobar_secret",
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONPATH": str(folder),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:askfirst", "-W", "ignore"]
    command += [f"--junit-xml={report}", "--rootdir", str(folder), "-o", "addopts=", "-o", "xfail_strict=false"]
    command += [f"tests/{one}" for one in modules]
    subprocess.run(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    outcomes: dict[str, str] = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - pytest has just written it
        found = {one.tag for one in case}
        outcome = "failed" if found & {"failure", "error"} else "skipped" if "skipped" in found else "passed"
        outcomes[f"{case.get('classname')}::{case.get('name')}"] = outcome
    return outcomes


def main() -> int:
    """Print both numbers and the tests that differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / ".venv-conformance" / "moto")
    parser.add_argument("--disguised", action="store_true", help="our answers as in a trial")
    parser.add_argument("modules", nargs="*", default=MODULES)
    options = parser.parse_args()
    folder = sources(options.cache)
    if isinstance(folder, str):
        _say(f"skipped: {folder}")
        return 0
    port = _port()
    disguised = ["--disguised"] if options.disguised else []
    servers = {
        "stock moto_server": [sys.executable, "-m", "moto.server", "-p", str(port)],
        "our endpoint": [sys.executable, "-m", "tests.conformance.server", str(port), *disguised],
    }
    results: dict[str, Results] = {}
    for name, command in servers.items():
        with serving(command, port):
            start = time.perf_counter()
            results[name] = run(folder, options.modules, port, options.cache / "report.xml")
            took = time.perf_counter() - start
        counts = Counter(results[name].values())
        _say(f"{name:<18} {', '.join(f'{number} {what}' for what, number in sorted(counts.items()))} ({took:.0f} s)")
    stock, ours = results.values()
    worse = [one for one in stock if stock[one] == "passed" and ours.get(one) != "passed"]
    better = [one for one in stock if stock[one] != "passed" and ours.get(one) == "passed"]
    for word, names in (("stock only", worse), ("ours only", better)):
        for one in names:
            _say(f"passes with {word}: {one}")
    return 1 if worse else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _port() -> int:
    """Give the port that three of the tests write down, or where it is taken, any."""
    for port in (PORT, 0):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)) as server:
            return int(server.getsockname()[1])
    msg = "no port is free"
    raise RuntimeError(msg)


if __name__ == "__main__":
    sys.exit(main())
