"""The command line and the clock of Alongside, over `matcher`."""
