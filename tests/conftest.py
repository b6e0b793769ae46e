"""What every test shares."""

from importlib.metadata import version


def pytest_report_header() -> str:
    """Name the versions that decide what the mocked account does."""
    return ", ".join(f"{name} {version(name)}" for name in ("moto", "boto3", "botocore"))
