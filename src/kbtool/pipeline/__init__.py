"""kbtool in one corridor: what each command does, as a line of stages between the rooms.

building    content/ -> site/: build, serve
asking      what is asked of the articles: search, gaps
keeping     what keeps articles true: review, stale
wording     whether customers' words find the articles: gaps --keywords, gaps --replay
sending     a built site -> a host: publish, rollback
"""
