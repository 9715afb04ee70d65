"""What goes wrong, and what it comes to: crashes, outages, replicas and clocks, each proven against the promises."""
