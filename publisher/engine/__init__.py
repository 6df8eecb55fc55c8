"""The engine of several hosts: workers do, by jobs, what `run` decides and a slot causes.

`run` needs nothing of it, for it only writes jobs (`ledger/jobs.py`). Of Procrastinate knows one
module, `procrastinate.py`; what a job does is a use case that the local service calls as well.
"""
