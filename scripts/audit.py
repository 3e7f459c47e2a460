"""Audits the installed packages with pip-audit, and says so where its data cannot be had.

Advisories come over the network. A machine without a way to them cannot tell whether there are
any; it says how many packages were looked up, and does not fail.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

OPTIONS = ("--local", "--skip-editable", "--progress-spinner=off", "--format=json", "--timeout=10")


def main() -> int:
    """Audit; return the exit status."""
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *OPTIONS],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        print(f"audit: NOT DONE, the advisories cannot be had here: {reason}")
        return 0
    return _report(packages)


def _report(packages: list[dict[str, Any]]) -> int:
    looked_up = [package for package in packages if "vulns" in package]
    for package in looked_up:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {found['id']}, mended in {mended}")
    if not looked_up:
        print(f"audit: NOT DONE, no advisories can be had here for any of {len(packages)} packages")
        return 0
    print(f"audit: {len(looked_up)} of {len(packages)} packages looked up")
    return int(any(package["vulns"] for package in looked_up))


if __name__ == "__main__":
    sys.exit(main())
