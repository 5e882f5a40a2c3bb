"""Changes through time: what each cache and each sender may hold at every moment, judged and not argued."""
