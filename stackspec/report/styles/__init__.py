"""One module per report format; each has `render(report) -> str`."""
