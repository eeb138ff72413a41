"""The command line: wiring and printing, one small module per verb."""
