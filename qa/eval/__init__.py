"""Measures how well passages are found and questions answered: data sets in, figures with intervals out.

`metrics`, `bootstrap`, `compare` and `tables` are pure; `datasets`, `machine`, `report` and `trec` touch
files [I/O]. Import from the submodules: nothing is loaded here.
"""
