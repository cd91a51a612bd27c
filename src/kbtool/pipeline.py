"""kbtool on one page: what each command does, as a line of stages."""
