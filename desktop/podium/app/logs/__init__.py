"""Log files, crash reports and diagnostics."""
