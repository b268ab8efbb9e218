"""The keeper: a small process per workload that holds its lock, pumps its log, records its end and ends its tree.

It outlives the hub, so it imports nothing but a few modules of the standard library and nothing of the platform:
it is run by path (see `..spawning`), with `-I -S -E`, and stays around 5 MB.
"""
