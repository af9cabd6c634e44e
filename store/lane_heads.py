"""What is to be done with the messages at the heads of lanes, and where they go: read as they are taken."""

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

TAKE = text("""
    UPDATE outbox SET
        state = CASE WHEN state <> 'waiting' THEN 'unknown'
            WHEN doubtful IS NULL THEN 'sending' ELSE 'waiting' END,
        tries = tries + CASE WHEN state = 'waiting' AND doubtful IS NULL THEN 1 ELSE 0 END,
        tried_at = CASE WHEN state = 'waiting' AND doubtful IS NULL THEN now() ELSE tried_at END
    FROM lanes LEFT JOIN LATERAL (
        SELECT said.ts AS stands_at FROM outbox AS head JOIN outbox AS said
            ON said.id = head.updates OR said.updates = head.updates
        WHERE head.lane = channel AND head.number = done_number + 1 AND said.ts IS NOT NULL
        ORDER BY said.number DESC LIMIT 1
    ) AS earlier ON true LEFT JOIN LATERAL (
        SELECT said.id AS doubtful, said.tried_at AS doubted_at
        FROM outbox AS head JOIN outbox AS said
            ON said.id = head.updates OR said.updates = head.updates
        WHERE head.lane = channel AND head.number = done_number + 1 AND head.state = 'waiting'
            AND stands_at IS NULL AND said.state = 'uncertain' AND said.tried_at IS NOT NULL
        ORDER BY said.number LIMIT 1
    ) AS unsettled ON true LEFT JOIN LATERAL (
        SELECT coalesce(first.thread_ts, root.ts) AS begins_at, root.fallback AS belongs_to,
            first.is_broadcast AS is_shown
        FROM outbox AS head JOIN outbox AS first ON first.id = coalesce(head.updates, head.id)
        LEFT JOIN outbox AS root ON root.number < head.number
            AND (root.id = first.thread_of OR root.updates = first.thread_of)
        WHERE head.lane = channel AND head.number = done_number + 1
        ORDER BY root.ts IS NULL, root.number DESC LIMIT 1
    ) AS place ON true
    WHERE channel = ANY(:channels) AND lane = channel AND number = done_number + 1
    RETURNING id, lane, number, fallback, blocks, is_shown AS is_broadcast, cause, said_by, tries,
        looks, coalesce(doubtful, id) AS sought, coalesce(doubted_at, tried_at) AS tried_at,
        begins_at AS thread_ts, CASE WHEN begins_at IS NULL THEN belongs_to END AS belongs_to, stands_at,
        CASE WHEN stands_at IS NOT NULL THEN 'update' WHEN doubtful IS NOT NULL THEN 'settle'
            WHEN old.state = 'waiting' THEN 'send' ELSE 'look' END AS errand
""").bindparams(bindparam("channels", type_=ARRAY(Text)))
"""Marks the first messages of leased `channels` as being sent, and gives a row of each.

`earlier` is where what it changes stands; `unsettled` an earlier message of the same place of which
nobody knows whether it arrived; `place` what it replies to. An update whose message may stand there
already is not marked: nothing is sent before that is known.
"""
