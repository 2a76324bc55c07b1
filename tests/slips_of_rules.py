"""Slips in a rule of the shelf, each of them one; ¦ stands where the slip is told to be."""

PINK, BLUE, AGREEMENT, REPORT = "tracks/pink", "tracks/blue", "tracks/agreement", "tracks/report"
REFERRAL, ATTEMPT, DISCHARGE, NGO = "tracks/referral", "tracks/attempt", "tracks/discharge", "tracks/ngo"
ADMIT, LEAVE = "acts/admission", "acts/discharge"
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
LATER = "{since: 2027-01-01, at_most: 2500, clause: IOM-1}"
RULES = "\nrules:\n"


def later(*rulings: str) -> str:
    return CAP.removesuffix("}") + f", later: [{', '.join(rulings)}]}}"


OF_RULES: dict[str, tuple[str, str, str, str]] = {
    # a rule
    "an unknown verb": (PINK, LINES, LINES.replace("needs: ", "need: ¦"), "did you mean needs?"),
    "words for what it does not come to": (
        "tracks/absence", "\n      late:\n", "\n      ¦too-late:\n", "did you mean late?"
    ),
    "no verb": (PINK, "  - " + LINES, "  - ¦{act: sign, clause: A5.C2}", "a rule says one of these: needs"),
    "two verbs": (PINK, LINES, LINES.replace("act: sign", "once: ¦number"), "a rule has one verb"),
    "an unknown key of a rule": (PINK, CAP, CAP.replace("at_most: ", "atmost: ¦"), "did you mean at_most?"),
    "a key of another verb": (PINK, CAP, CAP.replace("within: stay", "role: ¦[manager]"), "unknown word"),
    "an unknown strength": (PINK, CAP, CAP.replace("reading: X22", "strength: ¦shalt"), "did you mean shall?"),
    "a number that is a text": (PINK, COPIES, COPIES.replace(": 2,", ": ¦two,"), "a number is wanted here"),
    "a list that is a word": (PINK, FOOD, FOOD.replace("[days, persons]", "¦days"), "a list is wanted here"),
    "an empty list": (PINK, FOOD, FOOD.replace("[days, persons]", "¦[]"), "a list is wanted here"),
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
    "nothing to be dated by": (BLUE, ENDS, "¦{dated: course.to, clause: A6.1a}", "without one of these: from, to, in"),
    "a bound that is no number": (BLUE, COURSE, COURSE.replace("2000", "{persons: ¦2}"), "unknown word"),
    "an unknown count": (PINK, "exactly: {count: persons}", "exactly: {count: ¦person}", "did you mean persons?"),
    "an unknown reach": (PINK, CAP, CAP.replace("within: ", "within: ¦x"), "did you mean stay?"),
    "an unknown multiplier": (PINK, FOOD, FOOD.replace("persons]", "¦person]"), "did you mean persons?"),
    "a multiplier that is no number": (PINK, FOOD, FOOD.replace("persons]", "¦date]"), "date is of the kind day"),
    "a reach without a limit": (
        PINK, COPIES, COPIES.replace("clause", "within: ¦client, clause"), "counts only beside at_most"
    ),
    "an unknown measure of time": (PINK, FREE, FREE.replace("clause", "per: ¦week, clause"), "unknown word"),
    "a sameness that another track has not": (
        PINK, CALM, CALM.replace("strength", "same: ¦number, strength"), "unknown word"
    ),
    "a code that is of another verb": (
        PINK, LINES, LINES.replace("agreement/lines", "¦monitoring/interim"), "needs bound, which this rule"
    ),
    "a code that tells of something else": (
        PINK, f"{STAYED}, code: agreement/days-beyond-stay}}", f"{STAYED}}}".replace("days,", "¦days,", 1), "this rule"
    ),
    "a reading that is not named": (
        BLUE, f"{COURSE}, reading: X27", COURSE.replace("amount: amount", "amount: ¦amount"), "needs reading"
    ),
    "an unknown sameness": (BLUE, COURSE, COURSE.replace("same: ", "same: ¦x"), "did you mean course.profession?"),
    "an unknown overlap": (BLUE, COURSE, COURSE.replace("overlaps: ", "overlaps: ¦x"), "did you mean course?"),
    "an overlap that reaches nothing": (
        BLUE, COURSE, COURSE.replace("within: client, ", "").replace("same: ", "same: ¦"), "counts only beside within"
    ),
    "once, and no reach": (PINK, FREE, "¦" + FREE.replace("within: client, ", ""), "without one of these: within"),
    "two names of one verb": (PINK, PARTY, PARTY.replace("by: ngo", "by: [ngo, ¦place]"), "one name only"),
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
    "a register without a field": (BLUE, MEMO, MEMO.replace("ngo.memorandum, of: ngo", "¦ngo"), "through a field: of"),
    "an unknown group of a register": (BLUE, MEMO, MEMO.replace("ngo.mem", "¦ngo.men"), "no group with a first"),
    "a group that does not live": (
        BLUE, MEMO, MEMO.replace("ngo.memorandum", "¦ngo.contract"), "no group with a first"
    ),
    "of an unknown field": (BLUE, MEMO, MEMO.replace("of: ngo", "of: ¦ngos"), "did you mean ngo?"),
    "both none and each": (PINK, CALM, CALM.replace("where: {", "none: true, each: ¦{"), "does nothing beside none"),
    "an unknown house": (ADMIT, CHILD, CHILD.replace("[carc]", "[¦cark]"), "did you mean carc?"),
    "an unknown sex": (ADMIT, AGED, AGED.replace("female", "¦femal"), "did you mean female?"),
    "one end of an age": (ADMIT, CHILD, CHILD.replace("at_least: 3, at_most: 18", "at_least: ¦3"), "beside at_most"),
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
    "a part of every file": (PINK, CAP, CAP.replace("stay", "¦store"), "a rule of a part does not reach so far"),
    "a limit below nothing": (PINK, CAP, CAP.replace("at_most: ", "at_most: ¦-"), "a number is wanted here"),
    # since when
    "a later day first": (
        PINK, CAP, later(LATER, LATER.replace("2027-01-01", "¦2026-01-01")), "the days of a history must increase"
    ),
    "the same day twice": (
        PINK, CAP, later(LATER, LATER.replace("2027", "¦2027")), "the days of a history must increase"
    ),
    "a later without a day": (
        PINK, CAP, later("¦{at_most: 2500, clause: IOM-1}"), "the days of a history must increase"
    ),
    "no such day": (PINK, CAP, later(LATER.replace("2027-01-01", "¦2027-02-30")), "a day is wanted here"),
    "a modifier of a later day": (
        PINK, CAP, later(LATER.replace("clause", "when: ¦{client: [there]}, clause")), "unknown"
    ),
    "a later reach": (PINK, CAP, later(LATER.replace("at_most: 2500", "within: ¦month")), "unknown word"),
}  # fmt: skip
"""What is wrong: the file, what stands there once, what is written for it, and words of what is said."""
