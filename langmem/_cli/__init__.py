"""The `langmem` command. `entry` starts it; all else here needs `langmem[cli]`."""
