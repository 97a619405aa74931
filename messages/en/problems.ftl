# What went wrong with a request, whatever it asked for.

plain = { $text }

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
