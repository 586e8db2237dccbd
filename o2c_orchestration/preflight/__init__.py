"""Before anything is written: does each system answer, may we, and is there everything that the policy names?

One file a system or subject; each gives findings. What is printed of them is the console's, when they are looked for is
orchestration's.
"""
