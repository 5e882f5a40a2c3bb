"""Speed and memory as ratios within one run; `python -m bench` prints them all, `python -m bench NAME` one."""
