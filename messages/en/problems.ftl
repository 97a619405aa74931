# What went wrong with a request, whatever it asked for.

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

thing-account = account
thing-count = count
thing-depot = depot
thing-item = item
thing-organization = organization
thing-region = region
thing-requirement-line = requirement line
thing-rule = rule
thing-standard = standard
thing-other = thing

# The title of each sort of problem, by its code.
title-already_set_up = Set up already
title-other_region_at_the_top = Another region is at the top
title-setup_code_wrong = Wrong setup code
title-account_closed = Account closed
title-already_voided = Voided before
title-busy = Service busy
title-changed_meanwhile = Changed by somebody else meanwhile
title-credentials_wrong = Sign-in failed
title-database_unreachable = Database unreachable
title-id_reused = Id used before for other content
title-if_match_missing = If-Match missing
title-inspection_needs_officer = Inspections are for officers
title-internal = Internal failure
title-malformed = Request unreadable
title-method_not_allowed = Method not allowed
title-no_such_path = No such path
title-not_found = Not found
title-own_needs_quartermaster = Own counts are for quartermasters
title-role_not_allowed = Role not allowed
title-token_expired = Token expired
title-token_invalid = Token invalid
title-token_missing = Not signed in
title-too_large = Body too large
title-unsupported_media_type = Media type not read
title-values_not_taken = Values not taken

title-other = Request not served
