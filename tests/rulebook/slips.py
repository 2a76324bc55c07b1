"""Slips in rules, tracks and acts of a rule book, each of them one; ¦ stands where the slip is told to be."""

PINK, BLUE, AGREEMENT, REPORT = "tracks/pink", "tracks/blue", "tracks/agreement", "tracks/report"
REFERRAL, ATTEMPT, DISCHARGE, NGO = "tracks/referral", "tracks/attempt", "tracks/discharge", "tracks/ngo"
ADMIT, LEAVE, CODES = "acts/admission", "acts/discharge", "findings"
TOO_LONG = '      - count: months\n        text:\n          en:\n            one: "Line {line}, {key}: the longest'
TINT = '  tint: "#ffdce8"'
ALONE = '      - text:\n          en: "Line {line} asks for {amount} {currency}; with {together}'
PAPER = "tracks/document"
LINES = "{needs: lines, act: sign, clause: A5.C2, code: agreement/lines}"
STAY = "{needs: stay, when: {client: [there]}, act: sign, clause: A5.0, code: agreement/stay}"
CAP = "{amount: amount, at_most: 2000, within: stay, clause: A5.2a, reading: X22}"
FOOD = "{amount: amount, at_most: 200, times: [days, persons], clause: A5.3}"
COURSE = "{amount: amount, at_most: 2000, within: client, same: course.profession, overlaps: course, clause: A6.1a"
ENDS = "{dated: course.to, to: {of: course.from, months: 3}, clause: A6.1a, code: agreement/too-long}"
MONTHS = "{dated: months, in: study, strength: should, clause: A6.4, reading: X29, code: agreement/month-outside}"
PARTY = "{by: ngo, strength: should, clause: A5.H4, code: agreement/registered-ngo}"
STAYED = "{amount: days, at_most: {days_of: stay}, within: stay, strength: should, clause: A5.3, reading: X20"
FREE = "{once: number, within: client, clause: A5.H1, code: agreement/number-free}"
CALM = "{stands: document, where: {kind: [application]}, strength: should, clause: M3.0.6b, code: agreement/paper}"
KNOWN = "{stands: instruction, where: {status: [recognised]}, to: date, act: sign, clause: A5.C1"
MEMO = "{stands: ngo.memorandum, of: ngo, act: sign, clause: A6.H4, code: agreement/memorandum-in-force}"
COPIES = "{amount: signed.copies, exactly: 2, clause: A5.L, code: agreement/copies}"
SPOKEN = "{is: signed.language, codes: [ru], clause: A5.L, code: agreement/language}"
WORKER = "{by: social_worker, role: [social_worker], strength: should, clause: A7.H1, code: monitoring/social-worker}"
WHOSE = "{by: signed.iom_name, not: signed.ngo_name, when: {signed: [there]}, clause: A5.H5, code: agreement/"
AGED = "{suits: identity, sex: female, minor_under: 18, unless: admission.exceptional_minor_reason"
CHILD = "{suits: identity, at_least: 3, at_most: 18, when: {house: [carc]}"
LANGUAGE = "{is: [rights.language, rights.explained_in], of: identity.languages, unless: rights.interpreter"
BACKWARDS = "{dated: left_at, from: at, strength: malformed, clause: M2.1.9}"
ON_LEAVE = "where: {kind: [leave_annual, leave_other]}"
LATER = "{since: 2027-01-01, at_most: 2500, clause: IOM-1}"
RULES = "\nrules:\n"
RULES_ANNEX = "annexes/shelter-rules"
MONEY, CLOTHES, OWED = "tracks/pocket-money", "tracks/clothing", "each: {span: owed, amount: owed}"
OFFER = "offers: {kind: medical_physical}"
ROLES, SIGNS, INSTRUCTS = "roles", "does: [sign, ", "writes: [instruction, "
LONGER = "{of: house-paper.months, where: {kind: [retention_agreement]}}"
HELD = "\nholds: ¦{when: {}, text: {en: It is open, ru: Открыто}, clause: M2.2.9}"
NOTHING_OF_HIV = "but: [hiv]\n  social_worker"


def later(*rulings: str) -> str:
    return CAP.removesuffix("}") + f", later: [{', '.join(rulings)}]}}"


OF_RULES: dict[str, tuple[str, str, str, str]] = {
    # a rule
    "an unknown verb": (PINK, LINES, LINES.replace("needs: ", "need: ¦"), "did you mean needs?"),
    "words for what it does not come to": (
        "tracks/absence", "\n      late:\n", "\n      ¦too-late:\n", "did you mean late?"
    ),
    "no verb": (PINK, "  - " + LINES, "  - ¦{act: sign, clause: A5.C2}", "a rule needs one of these verbs: needs"),
    "two verbs": (PINK, LINES, LINES.replace("act: sign", "once: ¦number"), "a rule has only one verb"),
    "an unknown key of a rule": (PINK, CAP, CAP.replace("at_most: ", "atmost: ¦"), "did you mean at_most?"),
    "a key of another verb": (PINK, CAP, CAP.replace("within: stay", "role: ¦[manager]"), "unknown word"),
    "an unknown strength": (PINK, CAP, CAP.replace("reading: X22", "strength: ¦shalt"), "did you mean shall?"),
    "an act that is never refused": (
        "tracks/visit", BACKWARDS, BACKWARDS.replace("strength", "act: ¦permit, strength"), "strength: malformed"
    ),
    "another entry with an unknown answer": (
        "tracks/shift", ON_LEAVE, ON_LEAVE.replace("leave_annual", "¦leave_anual"), "did you mean leave_annual?"
    ),
    "another entry with an unknown field": (
        "tracks/shift", ON_LEAVE, ON_LEAVE.replace("kind: ", "kid: ¦"), "did you mean kind?"
    ),
    "a malformed item": (
        ADMIT, "- item: referral\n", "- item: referral\n    strength: ¦malformed\n", "note, shall, should"
    ),
    "a malformed rule of an act": (
        ADMIT, f"{LANGUAGE}, strength: should", f"{LANGUAGE}, strength: ¦malformed", "note, shall, should"
    ),
    "a number that is a text": (PINK, COPIES, COPIES.replace(": 2,", ": ¦two,"), "write a number here"),
    "a list that is a word": (PINK, FOOD, FOOD.replace("[days, persons]", "¦days"), "is expected here"),
    "an empty list": (PINK, FOOD, FOOD.replace("[days, persons]", "¦[]"), "is expected here"),
    "no clause": (PINK, CAP, "¦" + CAP.replace("clause: A5.2a, ", ""), "has a clause"),
    "an unknown field": (PINK, LINES, LINES.replace("lines,", "¦line,"), "did you mean lines?"),
    "an unknown field in a list": (
        PINK, "{needs: [signed.ngo_name, signed.iom_name]", "{needs: [signed.ngo_name, ¦signed.iom_nam]",
        "did you mean signed.iom_name?",
    ),
    "an unknown place": (
        PINK, "{needs: person.identification_number", "{needs: ¦person.identification_numbr",
        "did you mean person.identification_number?",
    ),
    "an unknown event": (REPORT, "{dated: date, from: discharge,", "{dated: date, from: ¦discharg,", "mean discharge?"),
    "an unknown name of an offset": (BLUE, ENDS, ENDS.replace("of: ", "of: ¦x"), "did you mean course.from?"),
    "no name of an offset": (BLUE, ENDS, ENDS.replace("{of: course.from, ", "¦{"), "a key is missing: of"),
    "an unknown period": (BLUE, MONTHS, MONTHS.replace("study", "¦studies"), "did you mean study?"),
    "what is no period": (BLUE, MONTHS, MONTHS.replace("study", "¦date"), "date is of the kind day"),
    "what is no day": (BLUE, ENDS, ENDS.replace("course.to,", "¦course.profession,", 1), "of the kind text"),
    "nothing to be dated by": (BLUE, ENDS, "¦{dated: course.to, clause: A6.1a}", "at least one of these: from, to, in"),
    "a bound that is no number": (BLUE, COURSE, COURSE.replace("2000", "{persons: ¦2}"), "unknown word"),
    "an unknown count": (PINK, "exactly: {count: persons}", "exactly: {count: ¦person}", "did you mean persons?"),
    "an unknown reach": (PINK, CAP, CAP.replace("within: ", "within: ¦x"), "did you mean stay?"),
    "an unknown multiplier": (PINK, FOOD, FOOD.replace("persons]", "¦person]"), "did you mean persons?"),
    "a multiplier that is no number": (PINK, FOOD, FOOD.replace("persons]", "¦date]"), "date is of the kind day"),
    "a reach without a limit": (
        PINK, COPIES, COPIES.replace("clause", "within: ¦client, clause"), "has an effect only together with at_most"
    ),
    "a sameness that another track has not": (
        PINK, CALM, CALM.replace("strength", "same: ¦number, strength"), "unknown word"
    ),
    "a code that is of another verb": (
        PINK, LINES, LINES.replace("agreement/lines", "¦monitoring/interim"), "uses bound, which this rule"
    ),
    "a code that tells of something else": (
        PINK, f"{STAYED}, code: agreement/days-beyond-stay}}", f"{STAYED}}}".replace("days,", "¦days,", 1), "this rule"
    ),
    "a reading that is not named": (
        BLUE, f"{COURSE}, reading: X27", COURSE.replace("amount: amount", "amount: ¦amount"), "add reading: to this"
    ),
    "an unknown sameness": (BLUE, COURSE, COURSE.replace("same: ", "same: ¦x"), "did you mean course.profession?"),
    "an unknown overlap": (BLUE, COURSE, COURSE.replace("overlaps: ", "overlaps: ¦x"), "did you mean course?"),
    "an overlap that reaches nothing": (
        BLUE, COURSE, COURSE.replace("within: client, ", "").replace("same: ", "same: ¦"), "has an effect only together"
    ),
    "once, and no reach": (PINK, FREE, "¦" + FREE.replace("within: client, ", ""), "at least one of these: within"),
    "two names of one verb": (PINK, PARTY, PARTY.replace("by: ngo", "by: [ngo, ¦place]"), "only one name"),
    "an unknown code": (PINK, SPOKEN, SPOKEN.replace("[ru]", "[¦rus]"), "did you mean ru?"),
    "an unknown text": (BLUE, "{is: number, contains: S-NGO,", "{is: number, containing: ¦S-NGO,", "mean contains?"),
    "codes of what is no code": (PINK, SPOKEN, SPOKEN.replace("signed.language", "¦number"), "of the kind text"),
    "who is not in a register": (PINK, PARTY, PARTY.replace("by: ngo", "by: ¦place"), "of the kind text"),
    "an unknown role": (REPORT, WORKER, WORKER.replace("[social", "[¦social-"), "did you mean social_worker?"),
    "a role of what is no staff": (PINK, PARTY, PARTY.replace("strength", "role: ¦[manager], strength"), "of staff"),
    "an unknown other": (PINK, WHOSE, WHOSE.replace("not: ", "not: ¦x"), "did you mean signed.ngo_name?"),
    "an unknown track": (PINK, CALM, CALM.replace("document", "¦documents"), "did you mean document?"),
    "an unknown field of a track": (PINK, CALM, CALM.replace("{kind: ", "{kinds: ¦"), "did you mean kind?"),
    "an unknown code of a track": (PINK, CALM, CALM.replace("[app", "[¦ap"), "did you mean application?"),
    "an unknown day of a track": (PINK, KNOWN, KNOWN.replace("to: date", "to: ¦dat"), "did you mean date?"),
    "a reach of a track that it has not": (
        PINK, CALM, CALM.replace("stren", "within: ¦stay, stren"), "track document, which has no stay"
    ),
    "a register without a field": (
        BLUE, MEMO, MEMO.replace("ngo.memorandum, of: ngo", "¦ngo"), "register under of"
    ),
    "an unknown group of a register": (BLUE, MEMO, MEMO.replace("ngo.mem", "¦ngo.men"), "a group here that has"),
    "a group that does not live": (
        BLUE, MEMO, MEMO.replace("ngo.memorandum", "¦ngo.contract"), "a group here that has"
    ),
    "of an unknown field": (BLUE, MEMO, MEMO.replace("of: ngo", "of: ¦ngos"), "did you mean ngo?"),
    "both none and each": (PINK, CALM, CALM.replace("where: {", "none: true, each: ¦{"), "has no effect together"),
    "an unknown house": (ADMIT, CHILD, CHILD.replace("[carc]", "[¦cark]"), "did you mean carc?"),
    "an unknown sex": (ADMIT, AGED, AGED.replace("female", "¦femal"), "did you mean female?"),
    "one end of an age": (ADMIT, CHILD, CHILD.replace("at_least: 3, at_most: 18", "at_least: ¦3"), "with at_most"),
    "when an unknown field": (PINK, STAY, STAY.replace("{client: ", "{clients: ¦"), "did you mean client?"),
    "when an unknown answer": (PINK, STAY, STAY.replace("[there]", "[¦their]"), "did you mean there?"),
    "unless an unknown field": (ADMIT, LANGUAGE, LANGUAGE.replace("unless: ", "unless: ¦x"), "rights.interpreter?"),
    "an unknown act": (PINK, LINES, LINES.replace("act: sign", "act: ¦signs"), "did you mean sign?"),
    "a code that has no words": (
        PINK, LINES, LINES.replace("agreement/", "¦agreement/x"), "did you mean agreement/lines"
    ),
    "words for no reason": (
        PINK, LINES, LINES.replace("code: agreement/lines", "code: new/lines, says: {over: ¦{en: Too much.}}"),
        "unknown",
    ),
    "a fact of words that is not there": (
        PINK, LINES, LINES.replace("code: agreement/lines", 'code: new/lines, says: {en: ¦"{labels}"}'), "label?"
    ),
    "opens an unknown track": (PINK, LINES, LINES.replace("act:", "opens: ¦papers.breach, act:"), "unknown word"),
    "an item in a track": (PINK, LINES, LINES.replace("act:", "item: ¦place, act:"), "unknown word"),
    "every file opened": (
        PAPER, RULES, RULES + "  - {amount: key_needs, at_most: 9, within: ¦store, clause: A}\n", "open every"
    ),
    "a field of a register": (
        PAPER, RULES, RULES + "  - {needs: ¦provider.clinic_phone, clause: A}\n", "unknown word"
    ),
    "every sleeper counted": (
        PAPER, RULES, RULES + "  - {amount: {count: ¦sleeping}, at_most: 3, clause: A}\n", "would open every file"
    ),
    "every limit counted": (
        PAPER, RULES, RULES + "  - {amount: {count: persons}, at_most: {count: ¦sleeping}, clause: A}\n",
        "open every",
    ),
    "a part of every file": (PINK, CAP, CAP.replace("stay", "¦store"), "a rule of a part cannot read"),
    "a limit below nothing": (PINK, CAP, CAP.replace("at_most: ", "at_most: ¦-"), "write a number here"),
    # since when
    "a later day first": (
        PINK, CAP, later(LATER, LATER.replace("2027-01-01", "¦2026-01-01")), "put the days of a history in order"
    ),
    "the same day twice": (
        PINK, CAP, later(LATER, LATER.replace("2027", "¦2027")), "put the days of a history in order"
    ),
    "a later without a day": (
        PINK, CAP, later("¦{at_most: 2500, clause: IOM-1}"), "put the days of a history in order"
    ),
    "no such day": (PINK, CAP, later(LATER.replace("2027-01-01", "¦2027-02-30")), "a day is expected here"),
    "a modifier of a later day": (
        PINK, CAP, later(LATER.replace("clause", "when: ¦{client: [there]}, clause")), "unknown"
    ),
    "a later reach": (PINK, CAP, later(LATER.replace("at_most: 2500", "within: ¦month")), "unknown word"),
}  # fmt: skip
"""What is wrong: the file, what stands there once, what is written for it, and words of what is said."""


CLOSING, SCHEDULE, DOCUMENT_TRACK, LAST = "tracks/closing", "tracks/schedule", "tracks/document", "tracks/instruction"
DUE = (
    "{from: discharge, after: {months: 6}, until: [report, closing], danger: aftercare, row: T02, owner: social_worker,"
)
READ = "clause: A7.D, reading: X87}"
UNTIL_COURSE_END = "        until: [course.to]\n"
FULL = "{amount: {count: sleeping}, at_most: {count: places}"
SUMMER = "en: Summer clothes/ footwear – max. {at_most} Soms"
WANTED = "{needs: [discharge.iom_representative, discharge.iom_consulted_on]}"
OWN = 'softens: {discharge.by_own_decision: ["yes"]}'
HOW = "is: text\n    with: {how: [other]}"
WORDS = "is: code\n    was: text\n    clause: A7.D\n    text: {en: How"
NAME = "{is: text, letters: name, else: {of: ngo_representative}"
THREATS = 'number: "6", unknown: true, boxes: ["yes", "no"]'
RATE = "clause: A6.4\n    product: [rate, months]"
MARKED = 'marker: ["on", kind]}\nkeeps: many\nday: "on"\nfields:\n'
ROW = "      - {stands: opinion, where: {kind: [interim_review]}, within: referral, from: arrival, to: today}"
MOVED = "moved: {needs.effects: after-effects}"

OF_TRACKS: dict[str, tuple[str, str, str, str]] = {
    # for all at once
    "an unknown proposal": (MONEY, OWED, OWED.replace("amount: owed", "amount: ¦owe"), "did you mean owed?"),
    "a proposal for an unknown field": (
        MONEY, OWED, OWED.replace("amount: owed", "amout: ¦owed"), "did you mean amount?"
    ),
    "an amount that is owed for no days": (
        MONEY, OWED, "each: ¦{span: last, amount: owed}", "owed is for a span and its amount together"
    ),
    "what is owed is asked too": (
        MONEY, 'ask: ["on", by]\n  ' + OWED, 'ask: ["on", by, amount]\n  each: {span: owed, amount: ¦owed}',
        "what is owed is not asked"
    ),
    "the day is not asked first": (MONEY, 'ask: ["on", by]', 'ask: [¦by, "on"]', "name the field of the day first: on"),
    "an answer that every entry needs is missing": (
        CLOTHES, 'at_once:\n  text: {en: an issue of clothes and hygiene goods, ru: "выдача одежды, средств гигиены", '
        'ky: "кийим, гигиена каражаттарын берүү"}\n  ask: ["on", items, season, what, by]\n  each: {items: last, ',
        '¦at_once:\n  text: {en: x}\n  ask: ["on", season, what, by]\n  each: {', "every entry needs these fields too"
    ),
    "an offer that is no answer": (
        "tracks/service", OFFER, OFFER.replace("medical_physical", "¦medical_fysical"), "did you mean medical_"
    ),
    "an offer to what is not asked": (
        "tracks/service", OFFER, "offers: {until: ¦other}", "only a field that is asked once"
    ),
    "sealed entries for all at once": (
        "tracks/health", "\nsheet: {kind: card", '\nat_once: ¦{text: {en: x}, ask: ["on", kind]}\nsheet: {kind: card',
        "only a list of entries of a stay"
    ),
    # a field
    "a field of what is registered that is not there": (
        "tracks/ngo-paper", "- {from: opened, where", "- {from: opened, when: {ngo.legal: ¦[pf]}, where",
        "ngo.legal_form"
    ),
    "a role that nobody has": (
        "tracks/staff-paper", "other]}, where: {kind: [labor_agreement]", "¦others]}, where: {kind: [labor_agreement]",
        "did you mean other?"
    ),
    "the registered facts of another home": (
        "tracks/ngo-paper", "- {from: opened, where", "- {from: opened, when: {staff.role: ¦[other]}, where",
        "unknown word"
    ),
    "a field named like an event": (
        "tracks/call", "fields:\n  channel:\n",
        "fields:\n  opened: ¦{is: day, text: {en: Opened}}\n  channel:\n", "choose another name than"
    ),
    "a field named like a house": (
        "tracks/call", "fields:\n  channel:\n",
        "fields:\n  house: ¦{is: party, of: [facilities], text: {en: House}}\n  channel:\n", "means something else"
    ),
    "an unknown key of a code": (
        ATTEMPT, "letter: {en: by letter", "letter: {sinse: ¦2027-01-01, en: by letter", "did you mean since?"
    ),
    "a code that ends twice": (
        ATTEMPT, "letter: {en: by letter",
        "letter: {later: ¦[{since: 2027-01-01, repealed: true}, {since: 2028-01-01, repealed: true}], en: by letter",
        "a code begins once and ends once",
    ),
    "a code that ends before it begins": (
        ATTEMPT, "letter: {en: by letter",
        "letter: {since: 2027-01-01, later: [{since: ¦2026-01-01, repealed: true}], en: by letter", "history in order",
    ),
    "a marker of another kind": (
        "tracks/legal", MARKED, MARKED.replace("kind]", "kind, ¦to]") + "  to: {is: text, text: {en: To}}\n",
        "already uses this key",
    ),
    "an unknown kind": (AGREEMENT, "stay: {is: entry", "stay: {is: ¦entri", "did you mean entry?"),
    "an unknown key of a field": (AGREEMENT, "form: {is: code, of: ", "form: {is: code, off: ¦", "did you mean of?"),
    "a name in other letters": (AGREEMENT, "  stay: {is: entry", "  стей: ¦{is: entry", "small Latin letters"),
    "a name that is a number": (AGREEMENT, "  stay: {is: entry", "  7: ¦{is: entry", "small Latin letters"),
    "a place with a stroke": (DISCHARGE, "at: discharge\n", "at: ¦discharge/on\n", "such as admission.meeting"),
    "no kind": (AGREEMENT, "stay: {is: entry, ", "stay: ¦{", "a key is missing: is"),
    "no text of a field": (
        DOCUMENT_TRACK, "reference: {is: text, text:", "reference: ¦{is: text, hint:", "this field needs a text"
    ),
    "a life of an unknown field": (NGO, "life: [signed_on, ", "life: ¦[signed_at, ", "two or more fields"),
    "an unknown list": (AGREEMENT, "of: [forms]", "of: [¦form]", "did you mean forms?"),
    "an unknown register": (AGREEMENT, "of: [ngos]", "of: [¦ngo]", "did you mean ngos?"),
    "an unknown entry": (AGREEMENT, "of: [stay]", "of: [¦stais]", "did you mean stay?"),
    "neither codes nor a list": (
        AGREEMENT, "form: {is: code, of: [forms], must", "form: ¦{is: code, must", "codes, of"
    ),
    "an unknown offer": (DOCUMENT_TRACK, "offers: coordinator", "offers: ¦coordinators", "did you mean coordinator?"),
    "letters of a day": (
        DISCHARGE, "  on: {is: day, clause", "  on: {is: day, letters: ¦true, clause", "has no effect in a field"
    ),
    "what is asked and must be there": (
        DISCHARGE, "  on: {is: day, clause", "  on: {is: day, must: true, afterwards: ¦true, clause",
        "afterwards has no effect beside must"
    ),
    "asked with an unknown field": (ATTEMPT, HOW, HOW.replace("{how: ", "{hows: ¦"), "did you mean how?"),
    "asked with an unknown code": (ATTEMPT, HOW, HOW.replace("[other]", "[¦others]"), "did you mean other?"),
    "asked in a circle": (
        ATTEMPT, WORDS, WORDS.replace("is: code\n", "is: code\n    with: {how_other: [there]}\n"),
        "in a circle: how → how_other → how",
    ),
    "asked with itself": (
        ATTEMPT, HOW, HOW.replace("{how: [other]}", "{how_other: ¦[there]}"), "how_other → how_other"
    ),
    "meant by an unknown field": (AGREEMENT, NAME, NAME.replace("of: ", "of: ¦x"), "did you mean ngo_representative?"),
    "meant in a circle": (
        AGREEMENT, "ngo_representative: {is: text, ",
        "ngo_representative: {is: text, else: {of: signed.ngo_name}, ",
        "in a circle: ngo_representative → signed.ngo_name → ngo_representative",
    ),
    "meant what it cannot be": (
        DISCHARGE, "  on: {is: day, clause", "  on: {is: day, else: ¦soon, clause", "is not a value of the kind"
    ),
    "a box that is no code": (REPORT, THREATS, THREATS.replace('"no"', '¦"not"'), "did you mean no?"),
    "a note in an unknown field": (REPORT, "note: law", "note: ¦lax", "did you mean law_enforcement_note?"),
    "a code without English": (DOCUMENT_TRACK, "summary: {en: summary, ", "summary: ¦{", "a key is missing: en"),
    "a language that nobody speaks": (
        DOCUMENT_TRACK, "summary: {en: summary, ", "summary: {en: summary, de: ¦Abriss, ", "unknown"
    ),
    # a track
    "an unknown key of a track": (REFERRAL, "clause: M3.0.1\nhome", "clauses: ¦M3.0.1\nhome", "did you mean clause?"),
    "no clause of a track": (REFERRAL, "clause: M3.0.1\nhome", "home", "a key is missing: clause"),
    "another name": (REFERRAL, "track: referral", "track: ¦referal", "must be that of its file"),
    "another schema": (REFERRAL, "schema: track/1", "schema: ¦track/2", "write track/1 here"),
    "an unknown home": (REFERRAL, "home: [stay, client]", "home: [stay, ¦clients]", "did you mean client?"),
    "no home": (REFERRAL, "home: [stay, client]\n", "", "a key is missing: home"),
    "no place": (REFERRAL, "at: referral\n", "", "a key is missing: at"),
    "the last without a day": (LAST, 'keeps: last\nday: "on"\n', "keeps: ¦last\n", "has no effect without day"),
    "the last of unknown kinds": (LAST, "keeps: last\n", "keeps: last\nper: [¦statu]\n", "did you mean status?"),
    "kept in an unknown way": (ATTEMPT, "keeps: many", "keeps: ¦much", "unknown word"),
    "kept as coded in a file": (ATTEMPT, "keeps: many", "keeps: ¦coded", "belongs to one of these homes: house"),
    "a day that is no field": (REFERRAL, "day: received_at", "day: ¦recieved_at", "did you mean received_at?"),
    "a day that is no day": (REFERRAL, "day: received_at", "day: ¦sources", "sources is of the kind code"),
    "written by an unknown act": (REPORT, "act: report", "act: ¦reports", "did you mean report?"),
    "an unknown family": (PINK, "family: agreement", "family: ¦agreements", "did you mean agreement?"),
    "a family of its own": (PINK, "family: agreement", "family: ¦pink", "in a circle: pink → pink"),
    "told by an unknown field": (PINK, "tells: {form: pink}", "tells: {forms: ¦pink}", "did you mean form?"),
    "told by an unknown code": (PINK, "tells: {form: pink}", "tells: {form: ¦pnk}", "did you mean pink?"),
    "told as another one": (PINK, "tells: {form: pink}", "tells: ¦{form: blue}", "write under tells"),
    "not told": (PINK, "tells: {form: pink}\n", "", "write under tells"),
    "the place of another track": (
        CLOSING, "at: monitoring.closed", "at: ¦monitoring.reports", "belongs to the track"
    ),
    "a place in a list of another": (
        SCHEDULE, "at: monitoring.scheduled", "at: ¦monitoring.reports.tried", "belongs to the track report"
    ),
    "a place at a field of another": (SCHEDULE, "at: monitoring.scheduled", "at: ¦discharge.at", "the track"),
    "a key of the program": (DOCUMENT_TRACK, "  reference: {", "  void: {", "the program itself writes"),
    "a key of the program in a list of groups": (
        DOCUMENT_TRACK, "  reference: {",
        "  copies: {is: group, several: true, text: {en: Copies, ru: Копии}, fields: {void: ¦{is: text, "
        "text: {en: Void of it, ru: Отмена}}}}\n  reference: {", "the program itself writes"
    ),
    "an unknown code of what is idle": (REPORT, "unasked: ", "unasked: ¦x", "did you mean monitoring/contradiction?"),
    # parts, deadlines, alarms, sheets
    "an unknown key of a part": (PINK, "  2a:\n    group", "  2a:\n    groups", "did you mean group?"),
    "an unknown group": (PINK, '  2a:\n    group: "2"', '  2a:\n    group: ¦"9"', "unknown word"),
    "no text of a part": (PINK, "    text: {en: Physician, ", "    text: ¦{", "a key is missing: en"),
    "a number that no rule gives": (
        PINK, SUMMER, SUMMER.replace("en: ", "en: ¦").replace("at_most", "at_mots"), "at_most?"
    ),
    "a number told in a form of its own": (
        PINK, SUMMER, SUMMER.replace("en: ", "en: ¦").replace("{at_most}", "{at_most:d}"), "only a name between"
    ),
    "a brace left open": (PINK, SUMMER, SUMMER.replace("en: ", "en: ¦").replace("}", ""), "braces in this text"),
    "an unknown factor": (BLUE, RATE, RATE.replace("months", "¦month"), "did you mean months?"),
    "due from an unknown event": (
        REPORT, DUE, DUE.replace("from: ", "from: ¦").replace("arge", "urge"), "mean discharge?"
    ),
    "an unknown key of a deadline": (REPORT, DUE, DUE.replace("after: ", "afer: ¦"), "did you mean after?"),
    "no clause of a deadline": (REPORT, READ, "cause: ¦A7.D, reading: X87}", "did you mean clause?"),
    "days of a deadline out of order": (
        REPORT, READ, READ.replace("reading: X87", "later: [{since: 2028-01-01}, {since: ¦2027-01-01}]"),
        "history in order",
    ),
    "an unknown track that answers a deadline": (
        REPORT, DUE, DUE.replace("[report, closing]", "[report, ¦closin]"), "did you mean closing?"
    ),
    "an unknown role that sees to a deadline": (
        REPORT, DUE, DUE.replace("owner: social", "owner: ¦sociable"), "did you mean social_worker?"
    ),
    "an unknown danger of a deadline": (REPORT, DUE, DUE.replace("aftercare", "¦lat"), "did you mean late?"),
    "a danger that is not a deadline's": (REPORT, DUE, DUE.replace("aftercare", "¦gate"), "did you mean late?"),
    "a deadline that is never something else": (REPORT, DUE, DUE + " never: ¦liste,", "did you mean listed?"),
    "an unknown frequency of a deadline": (REPORT, DUE, DUE + " every: ¦moth,", "did you mean month?"),
    "an unknown field that answers a deadline": (
        BLUE, UNTIL_COURSE_END, UNTIL_COURSE_END.replace("course.to", "¦course.too"), "did you mean course.to?"
    ),
    "another track that answers for a part": (
        BLUE, UNTIL_COURSE_END, UNTIL_COURSE_END.replace("course.to", "¦report"), "are known here"
    ),
    "a deadline from an unknown field": (
        BLUE, "- from: course.from", "- from: ¦course.frm", "did you mean course.from?"
    ),
    "a deadline from what is no day": (
        BLUE, "- from: course.from", "- from: ¦course.profession", "course.profession is of the kind text"
    ),
    "something of an entry that is due every day": (
        BLUE, UNTIL_COURSE_END, UNTIL_COURSE_END + "        every: ¦day\n", "must begin with an event"
    ),
    "an unknown role that sees to an item": (
        LEAVE, "    owner: psychologist\n", "    owner: ¦psychologst\n", "did you mean psychologist?"
    ),
    "an alarm of an unknown field": (REPORT, '{when: {threats: ["yes"]}', '{when: {threat: ¦["yes"]}', "mean threats?"),
    "an alarm of an unknown answer": (
        REPORT, "{when: {job_paid: [", "{when: {job_paid: [¦un", "did you mean not_paid?"
    ),
    "an unknown key of an alarm": (REPORT, '{when: {threats: ["yes"]}, ', '{wen: {threats: ["yes"]}, ', "mean when?"),
    "a longer time of a deadline that is listed": (
        DISCHARGE, "    never: listed\n    longer: {", "    longer: ¦{", "longer has an effect only together with never"
    ),
    "a longer time in no register of the house": (
        DISCHARGE, LONGER, LONGER.replace("house-paper", "¦house-papr"), "did you mean house-paper?"
    ),
    "a longer time that is no number": (
        DISCHARGE, LONGER, LONGER.replace("house-paper.months", "¦house-paper.topic"), "topic is of the kind text"
    ),
    "a longer time with an unknown answer": (
        DISCHARGE, LONGER, LONGER.replace("[", "[¦x"), "did you mean retention_agreement?"
    ),
    "a file held by an unknown answer": (
        "tracks/disclosure", "when: {kind: [own_access], granted", "when: {kind: [¦own_acess], granted", "own_access?"
    ),
    "a file held by an entry that names nobody": (
        "tracks/check", RULES, HELD.replace("{}", '{kind: [there]}') + RULES, "holds the files of the clients"
    ),
    "a file held by an entry that is sealed": (
        "tracks/session", RULES, HELD.replace("{}", '{by: [there]}') + RULES, "holds has no effect together with sealed"
    ),
    "a tint that is no light colour": (PINK, TINT, "  tint: ¦pink", "or a light colour in quotes"),
    "an unknown key of a sheet": (PINK, TINT, "  paint: ¦pink", "did you mean tint?"),
    "a fact that paper has not": (BLUE, "in {total} Som", "in {totals} Som", "did you mean total?"),
    "an unknown place of a sheet": (
        REPORT, "    last_name: identity.last_name", "    last_name: ¦identity.lastname", "identity.last_name?"
    ),
    "an unknown name of a sheet": (REPORT, "birth_date, address, phone]", "birth_date, address, ¦fone]", "mean phone?"),
    "a text without which paper is not printed": (
        PINK, "    in_writing:\n", "    in_words:\n", "under sheet, texts: in_writing"
    ),
    "a text without which the report is not printed": (
        REPORT, "    duty:\n", "    duties:\n", "under sheet, texts: duty"
    ),
    "a language in which nothing is printed": (
        "languages", "  ky:\n", "  uz:\n", "cannot write days in uz"
    ),
    "a day outside of later": (PINK, CAP, CAP.replace("reading: X22", "since: ¦2027-01-01"), "a list under later"),
    "a code of one's own without words": (
        PINK, SPOKEN, SPOKEN.replace("agreement/language", "¦zzz/qqqqqqqqq"), "write a text under says"
    ),
    "a rule of a register that rests on an act": (
        "tracks/provider", "keeps: coded\n", "keeps: coded\nrules:\n  - {needs: phone, act: ¦sign, clause: A6.1a}\n",
        "act has no effect in the directory; leave it out"
    ),
    "a rule of a register that names a client's field": (
        "tracks/provider", "keeps: coded\n", "keeps: coded\nrules:\n  - {needs: ¦identity.sex, clause: A6.1a}\n",
        "unknown word; these are known here: act, address, city, name, phone, provider_kind, registered, service, today"
    ),
    "a register that lies nowhere": ("tracks/provider", "at: providers", 'at: ¦""', "such as its name"),
    "words of a list that is not there": (
        "lists", "called:\n", "called:\n  sex: ¦{female: [жен]}\n", "did you mean sexes?"
    ),
    "an annex that is recorded nowhere": (
        RULES_ANNEX, "recorded_in: admission.rules", "recorded_in: ¦admission.rulse", "mean admission.rules?"
    ),
    "an annex that is recorded where nobody signs": (
        RULES_ANNEX, "recorded_in: admission.rules", "recorded_in: ¦discharge", "known here: admission.rights"
    ),
    # acts
    "asked for an unknown field": (ADMIT, "names: [identity.first_name", "names: [¦identity.first-name", "first_name?"),
    "a part of a sitting left out": (LEAVE, "  before: [", "  ahead: [", "a key is missing: before"),
    "an unknown track in the order": (
        "tracks", "person, identity, trafficking", "person, ¦identiti, trafficking", "did you mean identity?"
    ),
    "what is moved stood in no list": (
        "tracks", MOVED, "moved: {need.effects: ¦after-effects}", "did you mean needs?"
    ),
    "what is moved goes into no sealed track": (
        "tracks", MOVED, "moved: {needs.effects: ¦plan}", "known here: after-effects"
    ),
    "what is moved is no field there": (
        "tracks", MOVED, "moved: {needs.effect: ¦after-effects}", "did you mean effects?"
    ),
    "what is moved would be seen all the same": (
        "tracks", MOVED, "moved: {needs.by: ¦after-effects}", "known here: effects"
    ),
    "what is moved points at nothing": (
        "tracks", MOVED, "moved: {plans.effects: ¦after-effects}", "must point at an entry of plan"
    ),
    "an unknown key of an act": (LEAVE, OWN, OWN.replace("softens: ", "soften: ¦"), "did you mean softens?"),
    "an act that writes nowhere": (
        LEAVE, "writes: discharge.on", "writes: ¦discharge.one", "did you mean discharge.on?"
    ),
    "an act of nobody": (LEAVE, "of: stay\n", "of: ¦stays\n", "did you mean stay?"),
    "an act that rests on nothing": (LEAVE, "rests: report", "rests: ¦reports", "did you mean report?"),
    "softened by an unknown answer": (LEAVE, OWN, OWN.replace('["yes"]', '[¦"yep"]'), "unknown word"),
    "an unknown key of an item": (
        LEAVE, "    on: discharge.planned_on", "    in: ¦discharge.planned_on", "unknown word"
    ),
    "an unknown day of an item": (LEAVE, "    on: discharge.planned_on", "    on: ¦discharge.planed_on", "planned_on?"),
    "an item twice": (LEAVE, "item: release-provisions", "item: ¦social-worker", "already has an item"),
    "an item of another list": (LEAVE, "item: release-provisions", "item: ¦languages", "already has an item"),
    "an unknown place of an item": (LEAVE, WANTED, WANTED.replace("[disch", "[¦dish"), "did you mean discharge."),
    "an item that is met by an unknown code": (LEAVE, ROW, ROW.replace("[int", "[¦In"), "did you mean interim_review?"),
    "an item that is met by what lies inside a seal": (
        LEAVE, ROW, ROW.replace("{kind: [interim_review]}", "{words: ¦[there]}"), "words is sealed; a rule can read"
    ),
    "an item for which a day is enough no more, and nothing else": (
        LEAVE, f"    done: former\n    rules:\n{ROW}\n", "    done: ¦former\n", "write rules that do"
    ),
    "an unknown word about a day": (ADMIT, "    done: true\n", "    done: ¦formr\n", "did you mean former?"),
    "an unknown item": (ADMIT, "from: referral, item: referral", "from: referral, item: ¦referal", "mean referral?"),
    "a rule of an item with a weight": (LEAVE, WANTED, WANTED.replace("}", ", strength: ¦note}"), "unknown word"),
    "words for no reason of an item": (ADMIT, "      full-house:\n", "      ¦full-hose:\n", "did you mean full-house?"),
    "a reason without words": (
        ADMIT, f"{FULL}, code: admission/full-house", f"{FULL}, code: admission/full", "reason has no text: full"
    ),
    "advice for no reason": (ADMIT, "    in_file:\n      place:", "    in_file:\n      palce:", "did you mean place?"),
    "a fact that an item has not": (ADMIT, 'missing: {lacking} ({clause})', 'missing: {papers} ({clause})', "unknown"),
    "a fact that a code does not publish": (
        CODES,
        'en: "The agreement asks for nothing: no line is filled in ({clause})."',
        'en: ¦"No line is filled in ({clauses})."',
        "mean clause?",
    ),
    "a sentence that is counted by nothing": (
        CODES, TOO_LONG, TOO_LONG.replace("count: months", "count: ¦month"), "did you mean months?"
    ),
    "a form of a counted sentence": (
        CODES, 'few: "Строка {line}, «{key}»', 'fwe: ¦"Строка {line}, «{key}»', "did you mean few?"
    ),
    "a key of one of several sentences": (
        CODES, TOO_LONG, TOO_LONG.replace("count: ", "cuont: ¦"), "did you mean count?"
    ),
    "a place of a finding that is none": (
        CODES, 'where: /admission\n    facts: ["on"]', 'where: ¦admission\n    facts: ["on"]', "such as /admission"
    ),
    "what no code has without sentences": (
        CODES, "\n  admission/unregistered-staff:", "\n  ¦admission/unregistered-staff:\n    where: beside", "says"
    ),
    "sentences of which none may fit": (
        CODES, ALONE, f"      - when: ¦{{sum: [there]}}\n        {ALONE[8:]}", "must fit every case"
    ),
    "a code that the program raises without words": (
        CODES, "\n  discharge/reported:\n", "\n  ¦discharge/report:\n", "did you mean discharge/reported?"
    ),
    "a track that a sentence tells to type": (
        ADMIT, 'en: "Record it: add ID meeting."', 'en: ¦"Record it: add ID metting."', "did you mean meeting?"
    ),
    "a code of another act": (
        ADMIT, f"{FULL}, code: admission/full-house", f"{FULL}, code: ¦discharge/full-house",
        "admission/",
    ),
}  # fmt: skip
"""What is wrong: the file, what stands there once, what is written for it, and words of what is said."""

OF_ROLES: dict[str, tuple[str, str, str, str]] = {
    "a part read by an unknown role": (
        ROLES, "readers: [manager, social_worker]", "readers: [manager, ¦social_workr]", "did you mean social_worker?"
    ),
    "a part left out": (ROLES, "parts:\n  file:\n", "¦parts:\n  files:\n", "a key is missing: file"),
    "a role that no list knows": (ROLES, "\n  psychologist:\n", "\n  ¦psychologst:\n", "did you mean psychologist?"),
    "a track that is not there": (ROLES, INSTRUCTS, "writes: [¦instructio, ", "did you mean instruction?"),
    "an act that is not there": (ROLES, SIGNS, "does: [¦signs, ", "did you mean sign?"),
    "an act among the tracks": (ROLES, INSTRUCTS, "writes: [¦sign, ", ""),
    "a track among the acts": (ROLES, SIGNS, "does: [¦pink, ", ""),
    "what is left out of nothing": (ROLES, NOTHING_OF_HIV, NOTHING_OF_HIV.replace("hiv", "¦hivv"), "did you mean hiv?"),
    "an unknown key of a role": (ROLES, SIGNS, "doess: ¦[sign, ", "did you mean does?"),
    "an act without its words": (ROLES, "  join: {en: join two files of one person, ", "  join: {", ""),
}  # fmt: skip


PROGRESS, FINANCE, OCCUPIED = "reports/progress", "reports/financial", "reports/occupancy"
SERVICES = '{count: service, dated: "on", by: [kind]'
HELD = "incidents: {count: incident, dated: at, by: [kind]"
SPENT = 'spent_on: {sum: outlay.amount, dated: "on", by: [item]'
SERVED = "chart: [nights, services]"
OF_REPORTS: dict[str, tuple[str, str, str, str]] = {
    "a row of an unknown subject": (
        PROGRESS, SERVICES, SERVICES.replace("service", "¦servise"), "did you mean service?"
    ),
    "a row of entries that belong to no house": (
        PROGRESS, SERVICES, SERVICES.replace("service", "¦provider"), "cannot be counted by house"
    ),
    "a row dated by an unknown column": (PROGRESS, SERVICES, SERVICES.replace('"on"', "¦ons"), "did you mean on?"),
    "a row dated by no day": (PROGRESS, SERVICES, SERVICES.replace('"on"', "¦kind"), "of the kind code"),
    "a row by an unknown column": (PROGRESS, SERVICES, SERVICES.replace("[kind]", "[¦kinds]"), "did you mean kind?"),
    "a row by a column without answers": (PROGRESS, SERVICES, SERVICES.replace("[kind]", '[¦"on"]'), "the kind day"),
    "a row by what is sealed": (PROGRESS, HELD, HELD.replace("[kind]", "[¦named_staff]"), "this field is sealed"),
    "a row without a time": (
        PROGRESS, SERVICES, SERVICES.replace("count: service, dated: \"on\"", "count: ¦service"), "belongs to the month"
    ),
    "a standing of what is no stay": (
        PROGRESS, SERVICES, SERVICES.replace("by: [kind]", "standing: ¦any"), "only rows about"
    ),
    "an unknown standing": (PROGRESS, "standing: any", "standing: ¦every", "are known here"),
    "a row that says two things": (
        PROGRESS, SERVICES, SERVICES.replace("{count", "{nights: ¦stay, count"), "shows one thing"
    ),
    "a row that says nothing": (
        PROGRESS, "nights: {nights: stay, by", "nights: ¦{by", "needs one of these"
    ),
    "a word that does nothing in a row": (
        OCCUPIED, "{house: places,", "{house: places, dated: ¦arrived_on,", "has no effect in a row"
    ),
    "an unknown figure of the house": (OCCUPIED, "{house: fewest,", "{house: ¦fewer,", "did you mean fewest?"),
    "a sum of what is no number": (FINANCE, SPENT, SPENT.replace("outlay.amount", "¦outlay.item"), "the kind code"),
    "a sum of nothing": (FINANCE, SPENT, SPENT.replace("outlay.amount", "¦outlay.amoun"), "did you mean amount?"),
    "an answer that a column has not": (
        FINANCE, 'where: {document: ["no"]}', "where: {document: [¦none]}", "did you mean no?"
    ),
    "an unknown column of a list": (FINANCE, "      item: {en", "      itme: ¦{en", "did you mean item?"),
    "an unknown field that is typed": (PROGRESS, "{typed: narrative", "{typed: ¦narativ", "did you mean narrative?"),
    "a chart of an unknown row": (PROGRESS, SERVED, "chart: [nights, ¦servises]", "did you mean services?"),
    "a chart of a row without parts": (PROGRESS, SERVED, "chart: [services, ¦plans]", "shows the parts of a row"),
    "a report that is no file's": (PROGRESS, "report: progress", "report: ¦progres", "that of its file"),
    "an order of a report that is not there": (
        "reports", "order: [progress", "order: [¦progres", "did you mean progress?"
    ),
}  # fmt: skip

FRONT, ROW_I5 = "coverage/front", "by: [add ID service, report"
OF_COVERAGE: dict[str, tuple[str, str, str, str]] = {
    "a row by an unknown command": (FRONT, ROW_I5, "by: [¦ad ID service, report", "did you mean"),
    "a row by an unknown track": (FRONT, ROW_I5, "by: [¦add ID servise, report", "did you mean service?"),
    "a row by an unknown form": (FRONT, "by: form blue ID", "by: ¦form bleu ID", "did you mean blue?"),
    "a row by an act that a track does not have": (
        "coverage/annexes",
        "add ID absence, permit ID absence]",
        "add ID absence, ¦permit ID plan]",
        "known here: absence",
    ),
    "a row by an unknown report": (FRONT, "by: report services", "by: ¦report servises", "did you mean services?"),
    "a row in a file that is not there": (
        FRONT,
        "in: [tracks/service.yaml, reports/services.yaml]",
        "in: [tracks/service.yaml, ¦reports/service.yaml]",
        "did you mean reports/services.yaml?",
    ),
    "a row for an unknown reason": (FRONT, "F.2:\n", "F.2:\n    not_done: ¦headin\n  F.13:\n", "did you mean heading?"),
    "a row both done and not": (
        FRONT,
        "  F.1:\n",
        "  F.1:\n    not_done: heading\n",
        "cannot have this beside not_done",
    ),
    "a row twice": (FRONT, "  F.1:\n", "  A1.1: ¦{not_done: heading}\n  F.1:\n", "also in coverage/annexes.yaml"),
    "a row of no chapter": (FRONT, "  F.1:\n", "  Q1: ¦{not_done: heading}\n  F.1:\n", "no chapter in coverage.yaml"),
    "a row that says nothing": (
        FRONT,
        "  F.1:\n",
        "  F.0: ¦{text: {en: Cover}}\n  F.1:\n",
        "a row needs one of these: done, not_done, not_yet",
    ),
    "another reason that is not said": (
        FRONT,
        "  F.1:\n",
        "  F.0: {not_done: ¦other}\n  F.1:\n",
        "this belongs beside not_done: other",
    ),
    "an unknown key of a row": (FRONT, "  F.1:\n", "  F.0: {not_don: ¦heading}\n  F.1:\n", "did you mean not_done?"),
    "a chapter without letters": ("coverage", "    letters: M\n", "", "a key is missing: letters"),
}

YEARLY = "plans/public-year"
SEX_AGE = "by: [sex, age_group], crossed: true"

OF_PLANS: dict[str, tuple[str, str, str, str]] = {
    "a limit that the plan does not know": (YEARLY, "least: least_shown", "least: ¦least_shwn", "did you mean"),
    "a base of rounding above the limit": (YEARLY, "least: least_shown\n", "least: least_shown\nrounding: ¦12\n", "11"),
    "a grid that does not exist": (YEARLY, "grid: year", "grid: ¦yer", "did you mean year?"),
    "persons counted once": (
        YEARLY, "left: {count: stay, dated: discharged_on, by: [left]", "left: {count: ¦client, dated: discharged_on",
        "could be subtracted",
    ),
    "a third column": (YEARLY, SEX_AGE, "by: ¦[sex, age_group, left]", "one or two columns"),
    "crossed with several answers": (
        YEARLY, "by: [exploitation]", "by: [sex, exploitation], crossed: ¦true", "exactly two columns",
    ),
    "an unknown column": (YEARLY, "by: [citizenship]", "by: [¦citizenshp]", "did you mean citizenship?"),
    "a column that is no code": (YEARLY, "by: [citizenship]", "by: [¦discharged_on]", "of the kind day"),
    "answers merged twice": (YEARLY, "of: [30--38, 39--47, 48+]", "of: [30--38, 39--47, 48+, ¦0--8]", "merged into"),
    "houses that are neither each nor all": (YEARLY, "houses: all", "houses: ¦al", "did you mean all?"),
    "an audience that nobody is": (YEARLY, "audience: public", "audience: ¦publik", "did you mean public?"),
    "a base of rounding that rounds nothing": (
        YEARLY, "least: least_shown\n", "least: least_shown\nrounding: ¦1\n", "at least 2",
    ),
    "an unknown row of a report as what is counted": (
        YEARLY, "left: {count: stay,", "left: {count: ¦stai,", "did you mean stay?",
    ),
    "a day that is no day": (YEARLY, "dated: discharged_on", "dated: ¦left", "of the kind code"),
    "a filter by the name of a person": (YEARLY, "houses: all\n", "houses: all\nwhere: {id: ¦[x]}\n", "at one person"),
    "a filter by an unknown answer": (YEARLY, "houses: all\n", "houses: all\nwhere: {sex: [¦femal]}\n", "did you mean"),
    "answers merged of a column that no table has": (
        YEARLY, "merged:\n", "merged:\n  nationality: ¦{other: {text: {en: x}, of: [x]}}\n", "no table of this",
    ),
    "an answer merged under the name of another": (
        YEARLY, "child: {text: {en: up to 17 years, ru: до 17 лет, ky: 17 жашка чейин}, of: [0--8, 9--17]}",
        "0--8: ¦{text: {en: up to 17 years}, of: [9--17]}", "choose another name",
    ),
    "an unknown answer merged": (YEARLY, "of: [0--8, 9--17]", "of: [¦0--9, 9--17]", "did you mean"),
}  # fmt: skip

OF_IMPORT: dict[str, tuple[str, str, str, str]] = {
    "a column of an unknown track": ("import", "  - identity.sex\n", "  - ¦identiti.sex\n", "did you mean identity?"),
    "a column of an unknown field": ("import", "  - identity.sex\n", "  - ¦identity.sexx\n", "did you mean sex?"),
    "a paper for an item that no paper meets": ("import", "papers: [primary-", "papers: [¦need, primary-", "unknown"),
    "a day of another act": (
        "import",
        "acts: [admission, ",
        "acts: [admission, ¦dischange, ",
        "did you mean discharge?",
    ),
    "a sheet without a word of its own": ("import", "words:\n  paper:", "¦words:\n  papr:", "these words too: paper"),
}
