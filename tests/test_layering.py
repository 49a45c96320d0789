"""The contract of our own refuses what is not named, and says what."""

from grimp import ImportGraph

from tests.layering import AllowedOnly


def contract() -> AllowedOnly:
    return AllowedOnly("ir", {"root_packages": ["app"]}, {"modules": ["app.ir"], "may_import": ["app.units"]})


def graph(importer: str, imported: str) -> ImportGraph:
    made = ImportGraph()
    for module in ("app.ir", "app.ir.stack", "app.units", "app.units.bytes", "app.unitsystem"):
        made.add_module(module)
    made.add_module("yaml", is_squashed=True)
    made.add_import(importer=importer, imported=imported)
    return made


def test_allowed() -> None:
    for importer, imported in (("app.ir.stack", "app.units.bytes"), ("app.ir", "app.ir.stack"), ("app.ir", "yaml")):
        assert contract().check(graph(importer, imported), verbose=False).kept


def test_refused() -> None:
    check = contract().check(graph("app.ir.stack", "app.unitsystem"), verbose=False)
    assert (check.kept, check.metadata["found"]) == (False, ["app.ir.stack imports app.unitsystem"])
