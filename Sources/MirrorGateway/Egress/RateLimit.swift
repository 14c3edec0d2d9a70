/// What an upstream says about its budget for us.
///
/// Understands the draft that Hugging Face speaks (`RateLimit: "api";r=0;t=55` with `RateLimit-Policy:
/// "fixed window";"api";q=500;w=300`), its older form (`limit=100, remaining=0, reset=30`) and the families
/// `RateLimit-*` and `X-RateLimit-*`, where a reset may be seconds or a moment in Unix time.
///
/// - SeeAlso: draft-ietf-httpapi-ratelimit-headers.
package struct RateLimit: Sendable, Equatable {
    /// The policy's name, such as `api`; nil when the form has none.
    package var name: String?
    /// Requests allowed in a window.
    package var limit: Int?
    /// Requests left in this window.
    package var remaining: Int?
    /// Until the budget is full again.
    package var resetAfter: Duration?
    /// Length of the window.
    package var window: Duration?

    package init(
        name: String? = nil, limit: Int? = nil, remaining: Int? = nil, resetAfter: Duration? = nil,
        window: Duration? = nil
    ) {
        self.name = name
        self.limit = limit
        self.remaining = remaining
        self.resetAfter = resetAfter
        self.window = window
    }

    /// The tightest budget the headers name; nil when they name none.
    ///
    /// - Parameter now: seconds since 1970, for resets given as a moment.
    package init?(headers: EgressHeaders, now: Int) {
        let budgets = headers.all("ratelimit").flatMap(Self.items)
        if let tightest = budgets.min(by: { ($0.number("r") ?? .max) < ($1.number("r") ?? .max) }),
            tightest.number("r") ?? tightest.number("t") != nil
        {
            let policy = headers.all("ratelimit-policy").flatMap(Self.items)
                .first { $0.names.contains(tightest.names.last ?? "") }
            self.init(
                name: tightest.names.last, limit: policy?.number("q"), remaining: tightest.number("r"),
                resetAfter: tightest.number("t").map { Self.reset($0, now: now) },
                window: policy?.number("w").map { Self.reset($0, now: now) })
            return
        }
        var fields: [String: Int] = [:]
        for item in budgets {
            for key in ["limit", "remaining", "reset"] { fields[key] = item.number(key) ?? fields[key] }
        }
        for prefix in ["ratelimit-", "x-ratelimit-"] {
            for key in ["limit", "remaining", "reset"] where fields[key] == nil {
                fields[key] = headers.first(prefix + key).flatMap { Self.integer($0.trimmingSpaces) }
            }
        }
        guard !fields.isEmpty else { return nil }
        self.init(
            limit: fields["limit"], remaining: fields["remaining"],
            resetAfter: fields["reset"].map { Self.reset($0, now: now) })
    }

    /// The wait it asks for: only an empty budget asks for one.
    package var wait: Duration? { remaining == 0 ? resetAfter : nil }

    /// A number of seconds, or a moment when it is far too large for one.
    private static func reset(_ value: Int, now: Int) -> Duration {
        .seconds(min(max(value > 1_000_000_000 ? value - now : value, 0), RetryAfter.longest))
    }

    private static func integer(_ text: String) -> Int? {
        let digits = text.prefix { $0 != "." && $0 != "," && $0 != ";" }
        guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }

    /// One comma-separated member: its bare or quoted words, and its `key=value` pairs.
    private struct Item {
        var names: [String] = []
        var pairs: [String: String] = [:]

        func number(_ key: String) -> Int? { pairs[key].flatMap(RateLimit.integer) }
    }

    private static func items(_ value: String) -> [Item] {
        var items: [Item] = []
        for member in split(value[...], at: ",") {
            var item = Item()
            for part in split(member, at: ";") {
                let text = part.trimmingSpaces
                if text.isEmpty { continue }
                if !text.hasPrefix("\""), let equals = text.firstIndex(of: "=") {
                    item.pairs[text[..<equals].lowercased()] = unquoted(text[text.index(after: equals)...])
                } else {
                    item.names.append(unquoted(text[...]))
                }
            }
            items.append(item)
        }
        return items
    }

    private static func unquoted(_ text: Substring) -> String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : String(text)
    }

    /// Splits outside quotes.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var quoted = false
        return text.split(omittingEmptySubsequences: true) {
            if $0 == "\"" { quoted.toggle() }
            return $0 == separator && !quoted
        }
    }
}
