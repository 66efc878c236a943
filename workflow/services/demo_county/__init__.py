"""
The demo county (演示县): an invented county of 120 people, as it would look on the day on which somebody looks.

One county office, three townships, six community workers and all who help them. It went
live some months before its today: on that day the history of each person was entered in
one late request, as offices do; since then it was lived day by day. Everything comes in
by the doors that real people use (`opening`, `recording`, `staffing`, `sweeping`), and is
made of its today alone: the same day gives the same county.

`invented` knows who there is, `life` how a history is put together, `routine` what an
office does on an ordinary day; the lives are told by noun (`intake`, `community`,
`isolation`, `recovery`, `endings`), listed in `cast`, and recorded by `loading`.
"""
