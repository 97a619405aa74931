# What went wrong with a request, whatever it asked for.

plain = { $text }

changed-meanwhile = Somebody else changed it since you read it: nothing was changed. Read it again, then send your change with the new ETag.
if-match-missing = Say which state you changed: send the ETag that you read it with as If-Match.

problem-internal = Something failed here. It was logged under the request id.
problem-malformed = The request could not be read.
problem-invalid = The request has values that cannot be taken.
problem-media-type = Send application/json.
problem-too-large = The body is larger than { $bytes } bytes.
problem-no-route = There is no such path.
problem-method = The path is there, but not for this method.
problem-not-found = There is no such { $thing }.
problem-busy = The service is busy: send the same request again a little later.
problem-unreachable = The database cannot be reached: send the same request again a little later.
problem-not-served = The request could not be served.
