"""Published wheels of vLLM, unpacked once beside each other in a cache folder: their Python files and their metadata."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

EXTRA = (
    "blake3", "compressed-tensors", "diskcache", "gguf", "ijson", "interegular", "jmespath", "lm-format-enforcer", "loguru",
    "mistral-common", "model-hosting-container-standards", "prometheus-fastapi-instrumentator", "pycountry",
    "pydantic-extra-types", "python-multipart", "setproctitle", "supervisor", "tiktoken", "timm", "torchaudio", "torchvision",
    "jsonschema", "jsonschema-specifications", "referencing", "rpds-py",
)  # fmt: skip
"""What one release or another imports, beside the packages of the interpreter that the tests have."""


def cache() -> Path:
    """Return the folder that keeps what was downloaded and read: `$STACKSPEC_REGEN`, else one of the user's cache."""
    chosen = os.environ.get("STACKSPEC_REGEN")
    return Path(chosen or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stackspec-regen") / "vllm"


def published() -> list[str]:
    """Return every final release on the package index, oldest first."""
    told = said(sys.executable, "-m", "pip", "index", "versions", "vllm")
    line = next(line for line in told.splitlines() if line.startswith("Available versions: "))
    return sorted(re.findall(r"\d+(?:\.\d+)*(?:\.post\d+)?", line.partition(": ")[2]), key=order)


def order(version: str) -> tuple[int, ...]:
    """Return a sort key: a post-release comes after its release."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def unpacked(version: str) -> Path:
    """Return the folder with the Python files of a release; a platform without a GPU takes a version that says `cpu`."""
    place = cache() / version
    if not place.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            said(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--platform",
                 "manylinux_2_31_x86_64", "--platform", "manylinux_2_28_x86_64", "--platform", "manylinux1_x86_64",
                 "--only-binary", ":all:", "--dest", folder, f"vllm=={version}")  # fmt: skip
            _unpack(next(Path(folder).glob("vllm-*.whl")), place)
    return place


def _unpack(wheel: Path, place: Path) -> None:
    version = place.name
    fresh = place.with_suffix(".part")
    shutil.rmtree(fresh, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(fresh, [name for name in archive.namelist() if name.endswith(".py")])
        metadata = archive.read(f"vllm-{version}.dist-info/METADATA").decode("utf-8")
    alias = fresh / f"vllm-{version}+cpu.dist-info"
    alias.mkdir()
    (alias / "METADATA").write_text(
        metadata.replace(f"\nVersion: {version}\n", f"\nVersion: {version}+cpu\n"), encoding="utf-8"
    )
    fresh.rename(place)


def extra() -> Path:
    """Return the folder with the packages that some releases import."""
    place = cache() / "extra"
    if not place.is_dir():
        fresh = place.with_suffix(".part")
        said(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(fresh), *EXTRA)
        fresh.rename(place)
    return place


def torch(version: str) -> str:
    """Return the version of torch that a release's wheel was built for."""
    text = next(unpacked(version).glob("vllm-*.dist-info/METADATA")).read_text(encoding="utf-8")
    found = re.search(r"^Requires-Dist: torch==([\w.]+)$", text, re.MULTILINE)
    assert found, f"the wheel of {version} pins no torch"
    return found[1]


def cuda(wanted: str) -> str:
    """Return the CUDA that a published torch needs, as its own metadata says."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    command = (uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python-version", "3.12")
    told = said(*command, "--python-platform", "x86_64-manylinux_2_28", "-", given=f"torch=={wanted}\n")
    found = re.search(r"^nvidia-cuda-runtime(?:-cu\d+)?==(\d+\.\d+)", told, re.MULTILINE)
    assert found, f"torch {wanted} names no CUDA"
    return found[1]


def said(*command: str, given: str = "") -> str:
    """Return what a command prints; what it complains about is shown."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, input=given, encoding="utf-8").stdout
