"""Empty stand-ins for the CUDA libraries that torch links to: 2.7 GB less for a program that never computes.

The wheel of torch for Linux on x86-64 refuses to load without them. Each stand-in defines the functions that torch names, under
the versions it names, and every one answers with an error. A build of torch for CPUs misses none, so nothing is written.
"""

import re
import subprocess
from collections import defaultdict
from pathlib import Path

_UNVERSIONED = {"libcufile.so.0": "cuFile", "libcusparseLt.so.0": "cusparseLt", "libnccl.so.2": "nccl"}
_VERSION_OF_ANOTHER_NAME = {"libnvshmem_host.so.3": "NVSHMEM"}
_DRIVER = "libcuda.so.1"  # looked up while running, and rightly absent


def write(folder: Path) -> None:
    """Put a stand-in beside torch's own libraries for every one that the loader misses."""
    libraries = sorted(folder.glob("*.so"))
    linked = "".join(_said("ldd", library) for library in libraries)
    named = "".join(_said("nm", "-D", "--undefined-only", library) for library in libraries)
    symbols = sorted(set(re.findall(r" U (\S+)$", named, re.MULTILINE)))
    for missing in sorted(set(re.findall(r"(\S+) => not found", linked)) - {_DRIVER}):
        _compile(folder / missing, _functions(missing, symbols))


def _functions(library: str, symbols: list[str]) -> dict[str, list[str]]:
    """The functions that torch expects of one library, by symbol version."""
    version = _VERSION_OF_ANOTHER_NAME.get(library, library)
    prefix = _UNVERSIONED.get(library)
    found: dict[str, list[str]] = defaultdict(list)
    for symbol in symbols:
        name, _, wanted = symbol.partition("@")
        if wanted == version or (prefix and not wanted and name.startswith(prefix)):
            found[wanted].append(name)
    return found


def _compile(target: Path, functions: dict[str, list[str]]) -> None:
    source = "".join(f"int {name}(void) {{ return 100; }}\n" for names in functions.values() for name in names)
    versions = target.with_name(f"{target.name}.map")
    versions.write_text("".join(f"{v} {{ global: {'; '.join(names)}; }};\n" for v, names in functions.items() if v))
    command = ["cc", "-shared", "-x", "c", "-", "-o", str(target), f"-Wl,-soname,{target.name}"]
    if any(functions):
        command.append(f"-Wl,--version-script={versions}")
    subprocess.run(command, input=source, text=True, check=True)
    versions.unlink()


def _said(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
