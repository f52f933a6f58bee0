"""The reference job on Bytewax, Quix Streams, Faust and in a bare loop, beside Vigil's engine.

The modules named after an engine run in an environment of their own, which holds that engine and River, and nothing of
Vigil but the reference job.
"""
