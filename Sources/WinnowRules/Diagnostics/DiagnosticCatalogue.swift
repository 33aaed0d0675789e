/// The long texts behind the codes of diagnostics, for `winnow explain`.
public enum DiagnosticCatalogue {
    /// All codes, ascending.
    public static var codes: [String] { DiagnosticCode.allCases.map(\.rawValue) }

    /// What a code means and what to do: a summary in the first line, then the details; nil for an
    /// unknown code.
    public static func explanation(_ code: String) -> String? {
        DiagnosticCode(rawValue: code)?.explanation
    }
}

extension DiagnosticCode {
    fileprivate var explanation: String {
        switch self {
        case .yamlSyntax, .notUTF8, .tooLarge, .wrongType, .unknownKey, .missingKey, .duplicateKey,
            .badChoice:
            fileExplanation
        case .badID, .duplicateID, .badVersion, .engineMismatch, .duplicatePack:
            packExplanation
        case .badRegex, .unboundedRegex, .notCompiled, .unknownModifier, .modifierMisuse,
            .emptySelection, .unknownField, .badValue:
            selectionExplanation
        case .unusedCapture, .misplacedGroup, .badExpression, .unknownName, .badTemplate,
            .badDuration, .badNumber, .missingTest, .badTest, .badEvent, .unusedEvent,
            .unknownRule, .ruleCycle:
            ruleExplanation
        case .neverMatches, .unknownKind, .noLiteral: lintExplanation
        case .unmetName, .idleFilter, .disabledEvent:
            overlayExplanation
        }
    }

    private var fileExplanation: String {
        switch self {
        case .yamlSyntax:
            """
            the file is not valid YAML
            Reading stops at this place, so other mistakes of the same file show only after it is
            mended. Common causes: a tab in the indentation, `: ` or ` #` inside a text without
            quotes, a text that begins with `*`, `&`, `@` or `%`, a quote that is never closed,
            backslashes in double quotes. Regular expressions and paths are safest in single
            quotes; a single quote inside them is written twice.
            """
        case .notUTF8:
            """
            the file is not UTF-8
            Packs are UTF-8 text, with or without a byte order mark. An editor on Windows may have
            saved the file as UTF-16 or in a code page; save it again as UTF-8.
            """
        case .tooLarge:
            """
            a limit on the size of packs is exceeded
            A file has at most 10,000,000 bytes, 10,000 rules, 1,000,000 values with its aliases
            written out, and 64 levels of lists and maps; all packs together 64,000,000 bytes and
            256 MiB of compiled regular expressions; a value of a selection 8192 bytes; title and
            remediation 16,384 bytes; a rule 256 groups and `let` values; `by` 16 names; one key
            500,000 values. A file has 10,000 filters and 10,000 overrides, each with 10,000 names; 256
            filters may meet one rule, and the globs of all packs are tried against ids 5,000,000
            times. Split the pack, or write fewer and shorter alternatives.
            """
        case .wrongType:
            """
            a value is of the wrong kind
            For instance a list stands where a text is expected, or a text in quotes where a number
            is. Without quotes, digits are a number and `true`, `false` and `null` are no text; with
            quotes everything is text.
            """
        case .unknownKey:
            """
            a key that nothing reads
            Keys are never ignored, since a typing error in `suppress` or `where` would change what
            the rule finds without a word. The nearest known key is named. Fields stand below
            `match` or `where`, not beside them.
            """
        case .missingKey:
            """
            a key that must be there is not
            A pack needs `pack` with `name`, `version` and `engine`, and `rules`, `filters` or
            `overrides`; a rule needs `id`, `title`, `level`, `match` or `events`, and `tests`; a
            rule of `events` needs `when`; `when` needs one operator and `within`; a filter needs
            `rules` and `unless`, an override `rules` and `level`, `enabled` or `suppress`.
            """
        case .duplicateKey:
            """
            the same name stands twice
            Of two equal keys in one map YAML would keep one and drop the other without a word.
            Several values of one field are a list: `message|contains: [a, b]`. To ask two things of
            one field, use modifiers that differ, or `all: [{…}, {…}]`.
            """
        default:
            """
            a word that is not one of the few allowed here
            `level` is informational, low, medium, high or critical; `status` is experimental, test,
            stable or deprecated.
            """
        }
    }

    private var packExplanation: String {
        switch self {
        case .badID:
            """
            a name that cannot be an id
            Ids of rules and names of packs are lower-case letters and digits, with single `.`, `-`
            or `_` between them, at most 100 characters: `go.fd-exhausted`. They appear in findings,
            file names and configuration, and never change once published.
            """
        case .duplicateID:
            """
            two rules have the same id
            An id stands for one rule in all packs that are loaded together. Give the copy an id of
            its own and disable the other with `overrides: [{rules: ID, enabled: false}]`; or replace
            a default pack wholly by a pack of its name.
            """
        case .duplicatePack:
            """
            two packs have the same name
            Findings name their pack, so two packs of one name cannot be told apart. A pack that is
            given with `--rules` replaces the default pack of its name wholly; two that are given, or
            a file of nothing but filters and overrides with the name of a default pack, are an error.
            """
        case .badVersion:
            """
            a version or a range of versions that cannot be read
            `version` is a semantic version of three numbers: `1.0.0`, `1.2.0-beta.1`. `engine` is a
            list of bounds with blanks between them, all of which must hold: `>=0.1 <2`. Put the
            range in quotes: YAML reads a leading `>` as the beginning of a folded text.
            """
        default:
            """
            the pack is made for other versions of winnow
            `pack.engine` says which ones. Rules may use what this version does not have, or has
            changed; they are not loaded.
            """
        }
    }

    private var overlayExplanation: String {
        switch self {
        case .unmetName:
            """
            warning: a filter or an override names a rule that is not there
            `rules` holds ids, or globs with `*` for any characters and `?` for one. Nothing is
            filtered or changed by a name that meets no rule of the packs that are loaded together;
            `winnow rules list` prints all ids.
            """
        case .idleFilter:
            """
            warning: a filter for a rule that sees no records
            All events of the rule are findings of other rules (`rule: id`), and `unless` is asked of
            records. Filter the rules that make these findings.
            """
        default:
            """
            warning: a rule waits for findings of a rule that is disabled
            Its event never comes, so what it stands for is not found any more, or a silence is seen
            where there is none. Disable both, or leave the first one on with a low `level` and hide
            its findings with `--min-level`.
            """
        }
    }

    private var selectionExplanation: String {
        switch self {
        case .badRegex:
            """
            a regular expression that PCRE2 does not accept
            The caret stands where PCRE2 stopped. Regular expressions are those of PCRE2 10, at most
            8192 bytes, unanchored, case-sensitive unless written `re|i`. In single quotes a
            backslash is a backslash; in double quotes YAML reads it first.
            """
        case .unboundedRegex:
            """
            a regular expression whose time doubles with each further character
            A repeat inside a repeat, or alternatives that match the same text inside a repeat, can
            split a text in ever more ways: `(a+)+`, `(\\w+\\s?)*`, `(a|aa)+`. The pattern was tried
            on the text in the help line and did not get through it within 100,000 steps. Let each
            text match in one way only: `(?:\\w+\\s)*`; or use possessive quantifiers and atomic
            groups (`++`, `(?>…)`), which never go back.
            """
        case .notCompiled:
            """
            PCRE2 cannot make machine code of a regular expression
            It is run by the interpreter, some ten times slower and within lower limits, so more
            records may end at a limit. `(*NO_JIT)` and a few rare constructs do this.
            """
        case .unknownModifier:
            """
            a modifier that does not exist
            Known are contains, startswith, endswith, re (with i, m, s), exists, gt, gte, lt, lte,
            neq, cidr, fieldref, all, cased, windash, base64, base64offset, wide, utf16le, utf16be
            and utf16. They follow the field's name: `message|contains|all`.
            """
        case .modifierMisuse:
            """
            modifiers or values that do not go together
            A key has one relation (contains, startswith, endswith, re, exists, gt, gte, lt, lte,
            cidr) and modifiers that fit it: `all` needs a list, `cased` and `windash` are for
            texts, `i`, `m` and `s` for `re`, `base64offset` needs `contains`, `wide` and the
            UTF-16 ones need base64 after them.
            """
        case .emptySelection:
            """
            a selection that selects nothing
            An empty map or list would match every record or none, and both readings are in use
            elsewhere. Write what is meant: `message|exists: true` is in every line of text.
            """
        case .unknownField:
            """
            warning: a field that looks like a known one
            No decoder gives this field, but one with nearly the same name. `winnow decode` shows
            the fields of your records. Names without a dot are data of an event:
            `ServiceName` is `winlog.event_data.ServiceName`.
            """
        default:
            """
            a value that its place does not allow
            For instance an empty title, a network that is none, or an empty text after `contains`,
            which every text holds.
            """
        }
    }

    private var ruleExplanation: String {
        switch self {
        case .unusedCapture:
            """
            warning: a named group that the rule never uses
            Each match copies its text into the finding. Name it in `title`, `remediation`, `by`,
            `let` or `where`, or make it a plain group: `(?:…)`.
            """
        case .misplacedGroup:
            """
            a named group where it cannot have a value
            What stands below `not` did not match, so its groups hold nothing; in `where` it is too
            late for new fields; and of two patterns that must both match only one can set a group.
            """
        case .badExpression:
            """
            an expression of `let` that cannot be read
            Allowed are `+ - * /`, parentheses, numbers, and names of groups, of earlier `let`
            values and of fields; names with other characters than letters, digits, `_`, `.` and `@`
            stand in back-quotes. A value is absent where an operand is missing or is no number, and
            at a division by zero.
            """
        case .unknownName:
            """
            a name that is no group, no `let` value and no field
            After `match`, names without a dot are groups and `let` values. Data of an event go by
            their full name there, as `winlog.event_data.param1`, so that a typing error in a
            group's name is seen.
            """
        case .badTemplate:
            """
            a text with a variable that cannot be filled in
            `{{name}}` in `title` and `remediation` is a named group, a `let` value or a field's full
            name. A value that a record lacks shows as `<name>`, and as the text of
            `{{name|default: text}}` where one is given.
            """
        case .badDuration:
            """
            a time that cannot be read, is zero, or is too long
            Write a number and a unit: `500ms`, `60s`, `5m`, `2h`, `7d`. The longest is 30 days:
            the state of a window is kept for its whole length.
            """
        case .badNumber:
            """
            a number outside of what is allowed
            `gte` of `count` and `distinct` is 1 to 100000, since so many records are kept for each
            key; so is what a `rate` makes in its `within`. A statistic's bound is a number of at
            most 1e300. A `trend` has 6 to 1000 `points`, and a slope as `2/min`. A test makes at
            most 1000000 records with its rounds.
            """
        case .badEvent:
            """
            an event that `when` cannot use as it is written
            A rule has one selection under `match`, or named ones under `events`; then the operator
            says which it means: `count: {of: died, gte: 3}`, `all: [died, full]`. The names are
            letters, digits and `_`, and each must stand under `events`. In a `sequence`,
            `{not: name, for: 2m}` follows a step: its time begins at that step's last record.
            """
        case .unknownRule:
            """
            an event that is the findings of a rule that does not exist
            `rule: id` names a rule of this pack or of another that is loaded with it, by its whole
            id. Default packs are left out with `--no-default-rules`.
            """
        case .ruleCycle:
            """
            a rule that waits for its own findings
            Rules may use rules as events, and those others again, but none may come back to the
            first: it could only fire after it has fired. The help line shows the way round.
            """
        case .unusedEvent:
            """
            warning: an event that `when` does not use
            Every record is tried against it, and nothing comes of that. Often a name was changed in
            one place only.
            """
        case .missingTest:
            """
            a rule without a test that fires and one that stays silent
            Both are required: the first shows that the rule works, the second that it tells what it
            looks for from what only resembles it. `winnow rules test` runs them through the whole
            engine. A silent test has `fires: 0`; best is a near miss.
            """
        default:
            """
            a test that cannot be run
            A test has `lines` (texts, which may hold line ends) or `events` (Windows events with
            `provider` and `code`), and how often the rule `fires` on them; `repeat` and `every`
            play the records several times, so far apart.
            """
        }
    }

    private var lintExplanation: String {
        switch self {
        case .neverMatches:
            """
            warning: a rule, an event or an alternative that no record can meet
            Parts of one map must all hold, and so must `match` and `where`: one field cannot be two
            values, nor lie above 10 and below 5. `event.code` is a number. A group that `where` asks
            for must be made by each alternative and each event that is to pass it. In a `sequence`,
            silences between steps lie within `within`. Only what is sure is said: patterns are not
            compared.
            """
        case .unknownKind:
            """
            warning: a kind of records that no decoder gives
            `winnow plugins` lists the kinds of all decoders, for `event.kind`. `logsource.product` is
            windows or go; with any other the rule looks at all records, as if nothing were said.
            """
        default:
            """
            warning: a rule that is evaluated for every record
            Rules are found by what they need: a number in `event.code`, the record's kind, or a text
            of at least three characters in `message`. A rule that needs none of them is tried at each
            record, which costs what the message says: measured by `winnow rules check` on lines of
            its own, or on the log of `--measure`. Add a `message|contains` with a text that is always
            there, or the event's code. The warning does not change the exit status.
            """
        }
    }
}
