"""What is stored, past the session of the request and past Lodger.

A room for each way of keeping: `table`, `cache`, `cached_table`, `file`, `cookie`, all of one floor
plan. A session is described as a dict:

    session_key   the key; of a cookie, its value
    session_data  the encoded text; None in a cache, which holds a pickle
    expire_date   when it ends, in RFC 3339
    text          the JSON document, found by Django's own means; None if they refuse it
    cached        the same of the copy in a cache; None without one

    find(key)               what lies under a key, expired or not; None if nothing does
    plant(data, seconds)    puts encoded data under a new key
    move(key, seconds)      moves the end, past the session's own idea of it
    sign(document)          a document's text as encoded data
    everything()            all that is kept, where that can be listed
"""
