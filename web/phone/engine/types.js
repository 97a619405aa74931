// The words between the engine and the views. Everything here is plain data: no method, no element of a page.
//
// Numbers that people type stay texts until a count is made. Quantities from the service are numbers with at most three
// decimals; `null` at the upper end of an interval means that it has none. Days are `YYYY-MM-DD`, instants RFC 3339.

/**
 * What the document of the API describes. An answer is none until it was checked: each member may be missing.
 * @typedef {import("../../shared/api.js").ApiSchemas} ApiSchemas
 * @typedef {Partial<ApiSchemas["PushAnswer"]>} PushAnswer
 * @typedef {Partial<ApiSchemas["CommandResult"]>} CommandResult
 * @typedef {Partial<ApiSchemas["PulledChanges"]>} PulledPage
 * @typedef {Partial<ApiSchemas["Change"]>} PulledChange
 * @typedef {Partial<ApiSchemas["SignedIn"]>} SignInAnswer
 * @typedef {Partial<ApiSchemas["CountDraftView"]>} DraftAnswer
 * @typedef {Partial<ApiSchemas["PageCountDraftLabel"]>} DraftsAnswer
 * @typedef {Partial<ApiSchemas["KeySet"]>} KeySetAnswer
 *
 * Both names of a thing; `name` of a view is chosen by the language of the page.
 * @typedef {{en: string, zh: string}} Names
 *
 * A person who has signed in on this phone. Each has a store of their own.
 * @typedef {object} Person
 * @property {string} account  the id of the account
 * @property {string} username
 * @property {string} displayName
 * @property {string} role  `quartermaster`, `officer`, ...
 * @property {Names | null} organization
 * @property {boolean} signedOut  true where the tokens are gone; what was counted stays
 * @property {number} unsent  counts that are only on this phone
 * @property {number} drafts  counts in work on this phone
 * @property {boolean} current
 *
 * The state of a session: `open`; `ended` (sign in again, all is kept); `none`.
 * @typedef {"none" | "open" | "ended"} SessionState
 *
 * A depot with its progress.
 * @typedef {object} Depot
 * @property {string} id
 * @property {string} code
 * @property {Names} names
 * @property {string} organization  the code
 * @property {ApiSchemas["Holding"]} holding
 * @property {boolean} open
 * @property {number} lines  how many lines there are to count
 * @property {number} counted  how many of them the draft has decided: a number or zero
 * @property {number} skipped
 * @property {string | null} draft  the id of the draft in work, if there is one
 * @property {string | null} lastCountedAt  the instant of the last count in the copy
 * @property {number} stale  lines whose count is too old on the phone's day, or that were never counted
 * @property {number} unsent  counts of this depot that are only on this phone
 *
 * An interval: `max` is null where it has no upper end.
 * @typedef {{min: number, max: number | null}} Range
 *
 * The number of units in one pack.
 * @typedef {{name: string, size: number}} PackSize
 *
 * A lot that the last count found.
 * @typedef {object} KnownLot
 * @property {string} key  names the lot in a draft; "" is the row without lot and day
 * @property {string | null} lot
 * @property {string | null} expiresOn
 * @property {boolean} expiryDerived
 * @property {boolean} expired  on the phone's day
 * @property {string | null} inspectedOn
 * @property {Record<string, number | null>} last  the last numbers: `quantity`, `in_repair`, `unserviceable`, `lent`
 *
 * @typedef {ApiSchemas["StockState"]} StockState
 *
 * A line to count: one item in one depot.
 * @typedef {object} CountLine
 * @property {string} item  the code
 * @property {Names} names
 * @property {string} unit
 * @property {boolean} measured  true where fractions may be typed
 * @property {boolean} perishable
 * @property {number | null} shelfLifeMonths
 * @property {PackSize[]} packs
 * @property {string} class
 * @property {Names | null} className
 * @property {string | null} place  the shelf, as far as this phone knows
 * @property {string | null} number  the four digits of the label, if the copy has them
 * @property {string} today  the phone's day
 * @property {ApiSchemas["Strength"] | null} strength  the strictest that asks for it
 * @property {Range | null} required  of the organization, not of the depot
 * @property {Range | null} shortage  of the organization, aged for the phone's day
 * @property {string | null} status  of the organization's line, aged: `short`, `unknown`, `met`, ...
 * @property {StockState} state  what the copy says of this depot, aged
 * @property {Range} usable  in this depot, aged
 * @property {string | null} validThrough
 * @property {string | null} lastCountedAt
 * @property {string | null} lastCountedBy
 * @property {KnownLot[]} lots
 * @property {{id: string, at: string, by: string, kind: string}[]} counts  that stand, latest first; more than one in a conflict,
 *   which the next count of the line settles
 * @property {"conflict" | "first" | "must" | "other"} due  the group of the worklist: counts differ; mandatory, and short or not
 *   counted lately; mandatory; others
 * @property {"conflict" | "first" | "must" | "other"} due  the group of the worklist: counts differ; mandatory, and short or not
 *   counted lately; mandatory; others
 * @property {DraftLine | null} draft  what has been typed
 * @property {number | null} total  the units that were typed, packs multiplied out, all conditions; null without a number or zero
 * @property {number | null} total  the units that were typed, packs multiplied out, all conditions; null without a number or zero
 *
 * One of the counts that differ on an item; `quantity` of all conditions, null where the phone does not know it.
 * @typedef {{id: string, at: string, by: string, kind: "own" | "inspection", mine: boolean, quantity: number | null}} Rival
 *
 * The three acts on a line, and none.
 * @typedef {"none" | "number" | "zero" | "skipped"} Act
 *
 * The texts of a lot in a draft. `quantity` are loose units that can be used; `packs` are packs of `pack`.
 * @typedef {"quantity" | "packs" | "pack" | "in_repair" | "unserviceable" | "lent" | "lot" | "expires_on" | "made_on" | "inspected_on" | "note"} LotField
 *
 * A lot as typed. Days are typed as digits, `203009` (the last day of the month) or `20300915`, or as `2030-09-15`.
 * @typedef {object} DraftLot
 * @property {string} key
 * @property {boolean} known  taken from the copy: its number and day are not typed
 * @property {Partial<Record<LotField, string>>} texts
 *
 * @typedef {object} DraftLine
 * @property {string} item
 * @property {Act} act
 * @property {string} place
 * @property {DraftLot[]} lots
 * @property {number} version
 *
 * A count in work.
 * @typedef {object} Draft
 * @property {string} id  the id that the count will have, unless `countId` names another
 * @property {string | null} [countId]  once another phone sent a count with its id
 * @property {string} depot  the code
 * @property {string} note
 * @property {string} countedBy
 * @property {string | null} survey
 * @property {string} startedAt
 * @property {string} changedAt  when the last key was typed, by the phone's clock
 * @property {number} version  goes up with every change
 * @property {{note?: number, countedBy?: number, survey?: number}} [textVersions]  with which version each was typed last
 * @property {Record<string, DraftLine>} lines  by the code of the item
 * @property {"never" | "saved" | "later" | "off" | "too_large"} onServer  whether the service has all of it: `saved` until the
 *   next key is typed, then `later`; `off` where the service keeps no drafts, `too_large` where it does not take this one
 *
 * A fault of what was typed; `code` as in the errors of the service, where it has one.
 * @typedef {object} Fault
 * @property {string} item
 * @property {string | null} lot
 * @property {string | null} field
 * @property {"not_a_number" | "not_whole" | "negative" | "zero" | "out_of_range" | "too_long" | "not_a_day" | "before_made_on" | "quantity_missing" | "pack_unknown" | "duplicate_line" | "item_unknown" | "empty"} code
 *
 * A line as it will be sent.
 * @typedef {object} ReviewLine
 * @property {string} item
 * @property {Names} names
 * @property {string} unit
 * @property {Act} act
 * @property {number} total  units, packs multiplied out, all conditions
 * @property {number} usable
 * @property {number | null} before  what the last count gave, if known
 * @property {string[]} lotsLeftOut  the keys of known lots of a counted line that were not given
 *
 * What a draft comes to before it is sent.
 * @typedef {object} Review
 * @property {string} draft
 * @property {ReviewLine[]} lines  numbers and zeros, in the order typed
 * @property {ReviewLine[]} skipped
 * @property {Fault[]} faults
 * @property {{lines: CountLine[], others: number, total: number}} zeros  what a full count would record as 0: lines of the
 *   depot that are required or known, and how many others of the catalogue
 * @property {boolean} mayBeFull  false while lines are skipped, or the catalogue on the phone is not complete
 * @property {string} token  names what was shown; a full count is sent with it
 * @property {string} countedAt  the instant that the count will have
 *
 * The four states of a count, and two ends that need a person.
 * @typedef {"only_here" | "delivered" | "waiting_for_officer" | "in_conflict" | "set_aside" | "refused"} CountState
 *
 * A count that was submitted on this phone.
 * @typedef {object} SentCount
 * @property {string} id
 * @property {string} countId  another than the id where an officer applied it as another
 * @property {number} seq
 * @property {CountState} state
 * @property {string} depot  the code; the id where the copy does not have the depot
 * @property {Names | null} depotNames
 * @property {ApiSchemas["CountScope"]} scope
 * @property {number} lines
 * @property {string} countedAt  `createdAt` where the count does not say it
 * @property {string} createdAt  when it was put into the queue of this phone
 * @property {number} attempts
 * @property {EngineProblem | null} problem  why it is not delivered
 * @property {{status: string, reason: string, at: string | null} | null} decision  an officer's
 * @property {boolean} corrected  an officer applied other content
 * @property {"yes" | "replaced" | "not_yet" | "unknown"} included  whether the bureau's figure includes it
 * @property {boolean} again  waits to be sent again after a restore or a sign-in
 * @property {string[]} conflicts  items on which it is in conflict or contested
 *
 * What a count says. It may be of a file that was taken in: what cannot be read is left out.
 * @typedef {object} CountContent
 * @property {string} depotId  "" where it names none
 * @property {ApiSchemas["CountScope"]} scope
 * @property {string | null} countedAt  an instant
 * @property {string} countedBy
 * @property {string} note
 * @property {ContentLine[]} lines
 *
 * A line of a count; `quantity` in units, packs multiplied out.
 * @typedef {{item: string, lot: string | null, expiresOn: string | null, condition: string, held: string, quantity: number | null}} ContentLine
 *
 * A receipt, and the check of it.
 * @typedef {object} ReceiptCheck
 * @property {string} id
 * @property {string} countId
 * @property {string} receipt
 * @property {import("../../shared/receipts.js").ReceiptVerdict} verdict
 * @property {string | null} receivedAt
 * @property {string | null} effectiveAt
 * @property {number | null} position
 * @property {string | null} sha256
 * @property {string | null} hash
 * @property {string | null} key  the id of the key
 * @property {"browser" | "own"} by  which code checked the signature
 *
 * @typedef {ApiSchemas["FieldProblem"]} FieldError
 *
 * A problem, of the service (RFC 9457) or of the phone itself (`status` 0).
 * @typedef {import("../../shared/api.js").ApiProblem} EngineProblem
 *
 * What a sync did.
 * @typedef {object} SyncRound
 * @property {string} at  by the phone's clock
 * @property {number} sent
 * @property {number} applied
 * @property {number} repeated
 * @property {number} quarantined
 * @property {number} rejected
 * @property {{id: string, seq: number, code: string, detail: string}[]} kept  what was sent and stays
 * @property {number} pulled
 * @property {boolean} wasReset
 * @property {SyncEnd} end
 *
 * `settled`; `again` after `waitMs`; `refused` and `sign_in` need a person.
 * @typedef {object} SyncEnd
 * @property {"settled" | "again" | "refused" | "sign_in"} kind
 * @property {string} code  "" where settled
 * @property {string} why
 * @property {number} waitMs
 * @property {number} askedMs  what of it the service asked for
 *
 * What every screen shows.
 * @typedef {object} PhoneStatus
 * @property {SessionState} session
 * @property {string | null} endedBecause  the code of the service
 * @property {number} unsent  counts that are only on this phone
 * @property {number} waiting  commands to be sent, those again after a restore among them
 * @property {number} drafts
 * @property {string | null} lastContactAt  by the phone's clock
 * @property {number | null} lastContactAgeMs  never negative
 * @property {number | null} clockOffsetMs  how far the phone's clock is behind the service's
 * @property {boolean} syncing
 * @property {string | null} nextSyncAt
 * @property {number} failures  in a row
 * @property {CopyAge | null} copy
 * @property {boolean} elsewhere  another window holds this store: nothing can be changed here
 * @property {boolean} onlineOnly  nothing survives on this phone: drafts go to the service
 * @property {EngineProblem | null} store  why the last write failed
 * @property {SyncRound | null} lastRound
 *
 * The day of the copy and the phone's own.
 * @typedef {object} CopyAge
 * @property {string} pulledAt
 * @property {string} pulledOn
 * @property {string} today  never before `pulledOn`
 * @property {number} days  between them
 * @property {number | null} revision  null while the copy is not complete
 *
 * A line of my shortages.
 * @typedef {object} ShortageLine
 * @property {string} organization
 * @property {string} item  the code; a description where `names` is null
 * @property {Names | null} names
 * @property {string} unit
 * @property {string} strength
 * @property {string} status  `short`, `met`, `unknown`, `not_set`, `not_required`, `at`, `below`
 * @property {Range} required
 * @property {Range} usable
 * @property {Range} missing
 * @property {string | null} validThrough  until when it holds
 * @property {string} basis  `established` or `indicative`
 * @property {ShortageReason[]} reasons  why, as far as the copy says
 * @property {boolean} aged  worked out by the phone, since the copy is of an earlier day
 *
 * @typedef {object} ShortageReason
 * @property {"conflict" | "contested" | "stale" | "never_counted" | "expired" | "in_repair" | "unserviceable" | "lent" | "expiry_missing" | "no_stock" | "holding"} code
 * @property {string | null} depot
 * @property {number | null} quantity
 * @property {string | null} day
 *
 * A lot that expires soon or has expired, on the phone's day.
 * @typedef {object} ExpiringLot
 * @property {string} depot
 * @property {string} item
 * @property {Names | null} names
 * @property {string} unit
 * @property {string | null} lot
 * @property {string} expiresOn
 * @property {number} days  until the last day; negative where it has passed
 * @property {number | null} quantity
 *
 * A match of a search.
 * @typedef {object} SearchHit
 * @property {string} item
 * @property {Names} names
 * @property {string} unit
 * @property {string} [depot]  the depot that a label names
 * @property {boolean} here  a line of the depot
 * @property {"exact" | "beginning" | "within"} fit
 * @property {{lot: string | null, expiresOn: string | null, madeOn: string | null} | null} scan  what a barcode said beside the item
 *
 * What this browser can do.
 * @typedef {object} SelfTest
 * @property {boolean} secure
 * @property {boolean} indexedDb
 * @property {boolean} strictWrites
 * @property {boolean} localCopy
 * @property {boolean} persisted  the browser promised not to evict
 * @property {boolean} serviceWorker
 * @property {boolean} subtle
 * @property {boolean} ed25519
 * @property {boolean} compression
 * @property {boolean} locks
 * @property {boolean} randomUuid
 * @property {string} inside  `wechat` or ""
 * @property {"offline" | "online_only"} verdict
 * @property {string[]} missing  what makes it `online_only`
 *
 * A file of unsent counts; `leftOut` are those that it has no room for.
 * @typedef {{name: string, text: string, counts: number, leftOut: number}} ExportFile
 *
 * `refused` are those whose id stands for other content.
 * @typedef {{taken: number, known: number, refused: {id: string, code: string}[]}} ImportResult
 *
 * What changed; a view reads anew what it shows.
 * @typedef {"people" | "session" | "copy" | "draft" | "counts" | "sync" | "store"} ChangeKind
 *
 * The surroundings, passed in by tests and by `node-phone.js`. A page leaves all of them out.
 * @typedef {object} Surroundings
 * @property {string} [origin]  the address of the service
 * @property {() => number} [now]  the phone's clock, in milliseconds since 1970
 * @property {() => number} [random]  of the back-off alone, 0 to 1
 * @property {typeof fetch} [fetch]
 * @property {StoreMaker} [stores]
 * @property {LocalCopy | null} [local]  the synchronous copy of drafts
 * @property {string} [language]
 * @property {() => number} [ticks]  milliseconds of a clock that nobody sets
 * @property {boolean} [locks]  false where Web Locks shall not be used
 * @property {boolean} [onlineOnly]
 *
 * @typedef {object} LocalCopy
 * @property {(key: string) => string | null} get
 * @property {(key: string, text: string) => void} set
 * @property {(key: string) => void} remove
 * @property {() => string[]} keys
 *
 * A change of a store: a row put, deleted, or a table emptied.
 * @typedef {{table: string, key: string, value: unknown} | {table: string, key: string, gone: true} | {table: string, clear: true}} StoreChange
 *
 * A store with tables of rows. `write` makes all changes or none, and resolves once they are on disk; it is refused with
 * `StoreFault` `fenced` where another window claimed the store since.
 * @typedef {object} Store
 * @property {() => Promise<Record<string, Map<string, any>>>} load
 * @property {(changes: StoreChange[], fence: number | null) => Promise<void>} write
 * @property {() => Promise<number>} claim  makes this window the one that writes, and answers its fence
 * @property {() => void} close
 *
 * Opens a store by name.
 * @typedef {{open: (name: string) => Promise<Store>}} StoreMaker
 */
