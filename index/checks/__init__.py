"""What `qa doctor` looks at: one function per check, each gives one `Finding`. Nothing here changes anything."""
